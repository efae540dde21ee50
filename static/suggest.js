// Offers subjects while somebody types in a search box: a combobox with a listbox after the ARIA practices.
// Without this file the box is an ordinary form.

const WAIT = 120; // milliseconds between the last key and the question; fast typists ask once, not per key

function attach(input, number) {
  const list = document.createElement("ul");
  const told = document.createElement("span");
  const listId = `offers-${number}`;
  let asking = null;
  let timer = 0;
  let active = -1;

  list.id = listId;
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "单位");
  told.className = "unseen";
  told.setAttribute("role", "status");
  input.after(list, told);
  for (const [name, value] of [
    ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", listId],
  ]) input.setAttribute(name, value);

  function close() {
    list.hidden = true;
    told.textContent = "";
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function stop() {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
  }

  function show(offers) {
    list.replaceChildren(...offers.map((offer, place) => {
      const item = document.createElement("li");
      const code = document.createElement("small");
      item.id = `${listId}-${place}`;
      item.dataset.url = offer.url;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = offer.title;
      code.textContent = offer.uscc;
      item.append(code);
      return item;
    }));
    active = -1;
    list.hidden = offers.length === 0;
    told.textContent = offers.length ? `有 ${offers.length} 家单位可选，用上下方向键选择` : "没有可选的单位";
    input.setAttribute("aria-expanded", String(offers.length > 0));
    input.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    const items = list.children;
    if (list.hidden || items.length === 0) return;
    if (active >= 0) items[active].setAttribute("aria-selected", "false");
    // One place more than there are items: the text itself is part of the round.
    active = (active + 1 + step + items.length + 1) % (items.length + 1) - 1;
    if (active < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    items[active].setAttribute("aria-selected", "true");
    items[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[active].id);
  }

  async function ask(text) {
    stop();
    asking = new AbortController();
    const mine = asking;
    try {
      const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(text)}`, { signal: mine.signal });
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      if (mine === asking && document.activeElement === input) show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // an input method is still at work: half a word is no question
    stop();
    const text = input.value.trim();
    if (text.length < 1) return close();
    timer = setTimeout(ask, WAIT, text);
  });
  input.addEventListener("compositionend", () => {
    stop();
    const text = input.value.trim();
    if (text) timer = setTimeout(ask, WAIT, text);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.url);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      stop();
      close();
    }
  });
  input.addEventListener("blur", () => { stop(); close(); });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the box
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) location.assign(item.dataset.url);
  });
}

document.querySelectorAll("form[role=search] input[type=search]").forEach(attach);
