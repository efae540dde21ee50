"""Which settings does a deployment have, what do they mean, and where do their values come from?"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from indexers.addresses import show_address
from indexers.errors import UsageError
from indexers.query import MAX_SUGGESTIONS

PREFIX = "CREDIT_SEARCH_"
CONFIG_KEY = PREFIX + "CONFIG"
"""Names a TOML file with the same keys in small letters; the environment wins over the file."""

_WANTED = {str: "文字", int: "整数", float: "数", bool: "true 或 false"}


def _address(help_text: str) -> Any:
    return Meta(description=help_text, extra={"is_address": True})


def _link(help_text: str, *, optional: bool = False) -> Any:
    """Where visitors are led: an address without its scheme would lead to a page of this site that is not there."""
    form = r"(https?://|mailto:|/)\S+"
    pattern = f"^({form})?$" if optional else f"^{form}$"
    return Meta(description=f"{help_text}，以 https://、http://、mailto: 或 / 开头", pattern=pattern)


def _positive(help_text: str, most: int) -> Any:
    return Meta(description=help_text, ge=1, le=most)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One deployment. Each line is a setting: name, type, help, default. No other place lists them."""

    engine: Annotated[str, _address("检索引擎地址")] = "embedded:./var/index"
    ledger: Annotated[str, _address("台账数据库地址（SQLAlchemy URL）")] = "sqlite:///./var/ledger.db"
    mappings: Annotated[str, Meta(description="数据定义目录；空为随程序自带的 mappings/")] = ""
    templates: Annotated[str, Meta(description="部署方自己的模板目录，先于自带模板查找")] = ""
    base_url: Annotated[
        str,
        Meta(
            # Links begin at the root of the host: a path would stand before some of them only.
            description="对外网址，不含路径，如 https://credit.example.cn；空为随请求",
            pattern=r"^(https?://[^\s/?#@]+/?)?$",
        ),
    ] = ""
    log_level: Annotated[
        str,
        Meta(description="日志级别：debug、info、warning 或 error", pattern="^(debug|info|warning|error)$"),
    ] = "info"

    site_name: Annotated[str, Meta(description="网站名称")] = "信用查询"
    organiser: Annotated[str, Meta(description="主办单位")] = ""
    operator: Annotated[str, Meta(description="承办单位")] = ""
    contact: Annotated[str, Meta(description="联系方式（电话、邮箱、地址）")] = ""
    icp: Annotated[str, Meta(description="ICP 备案号")] = ""
    police_number: Annotated[str, Meta(description="公安机关备案号")] = ""
    site_code: Annotated[str, Meta(description="政府网站标识码")] = ""
    ipv6: Annotated[bool, Meta(description="页脚注明本站支持 IPv6")] = False
    demo: Annotated[bool, Meta(description="在每页注明是演示数据")] = False
    national_link: Annotated[str, _link("国家企业信用信息公示系统的网址")] = "https://www.gsxt.gov.cn/"
    repair_link: Annotated[str, _link("办理信用修复的网址")] = "https://www.creditchina.gov.cn/"
    objection_link: Annotated[str, _link("提出异议的网址，空则不显示", optional=True)] = ""
    objection_days: Annotated[int, Meta(description="异议在几个工作日内答复；0 则不写期限", ge=0, le=365)] = (
        15
    )
    examples: Annotated[str, Meta(description="首页的查询示例，以分号分隔；空则取自最新记录")] = ""

    page_size: Annotated[int, _positive("每页条数", 100)] = 20
    suggest_limit: Annotated[int, _positive("输入时提示的条数", MAX_SUGGESTIONS)] = 8
    recent_limit: Annotated[int, _positive("首页最近公示的条数", 50)] = 10
    deadline: Annotated[float, Meta(description="一次检索最多用的秒数", gt=0, le=60)] = 5.0
    erase_after_days: Annotated[int, Meta(description="终止公示后多少天清除记录内容", ge=0, le=36500)] = 30

    @property
    def mappings_folder(self) -> Path | None:
        """The deployer's own data definitions; None for the shipped ones."""
        return Path(self.mappings) if self.mappings else None


def program_version() -> str:
    """The version of the installed package; "0" where it runs from a folder that was never installed."""
    try:
        return version("credit-search")
    except PackageNotFoundError:
        return "0"


class Setting(msgspec.Struct, frozen=True):
    """One setting as people read about it."""

    name: str
    variable: str
    kind: str
    default: str | int | float | bool
    help: str
    is_address: bool

    def shown(self, value: object) -> object:
        """The value as people may see it: of an address without its secrets."""
        return show_address(str(value)) if self.is_address else value


def describe_settings() -> Iterator[Setting]:
    """Every setting, in the order of the table."""
    yield from map(_described, msgspec.structs.fields(Settings))


def _described(field: msgspec.structs.FieldInfo) -> Setting:
    base, meta = _parts(field.type)
    is_address = bool((meta.extra or {}).get("is_address"))
    variable = PREFIX + field.name.upper()
    return Setting(field.name, variable, base.__name__, field.default, meta.description, is_address)


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Defaults, then the TOML file named by CREDIT_SEARCH_CONFIG, then the environment.

    UsageError names the first unusable key, its value and what is wanted.
    """
    given = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for key, text in given.items():
        # The file of the settings may have its name in an old encoding, as any file.
        if key.startswith(PREFIX) and key != CONFIG_KEY and is_broken(key + text):
            raise UsageError(f"环境变量 {_escaped(key)} 里有不成文字的字节；请写成 UTF-8")
    config = given.get(CONFIG_KEY, "")
    if config:
        values.update(_read_config(Path(config)))
    origins = dict.fromkeys(values, config)
    for key, text in given.items():
        if key.startswith(PREFIX) and key != CONFIG_KEY:
            name = key.removeprefix(PREFIX).lower()
            values[name] = text
            origins[name] = key
    return _checked(values, origins)


def is_broken(text: str) -> bool:
    """Whether bytes from outside that were no characters of their encoding stand in a text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _escaped(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


def _read_config(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{CONFIG_KEY}={str(path)!r}：无法读取该文件（{error.strerror}）") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{CONFIG_KEY}={str(path)!r}：不是有效的 TOML（{error}）") from error


def _checked(values: dict[str, Any], origins: dict[str, str]) -> Settings:
    fields = {field.name: field for field in msgspec.structs.fields(Settings)}
    converted: dict[str, Any] = {}
    for name, value in values.items():
        if name not in fields:
            raise UsageError(
                f"不认识的设置 {PREFIX}{name.upper()}（来自 {origins[name]}）；可用的设置见 settings 命令"
            )
        base, meta = _parts(fields[name].type)
        try:
            converted[name] = msgspec.convert(value, fields[name].type, strict=False)
        except msgspec.ValidationError as error:
            wanted = f"需要{_wanted(base, meta)}（来自 {origins[name]}）"
            shown = _described(fields[name]).shown(value)
            raise UsageError(f"设置 {PREFIX}{name.upper()} 的值 {shown!r} 不可用：{wanted}") from error
    return Settings(**converted)


def _parts(annotated: Any) -> tuple[type, Any]:
    return annotated.__origin__, annotated.__metadata__[0]


def _wanted(base: type, meta: Meta) -> str:
    """What a value must be, for the operator: `整数，不小于 1，不大于 100`, or what its help names."""
    if meta.pattern:
        return str(meta.description)
    bounds = (("不小于", meta.ge), ("大于", meta.gt), ("不大于", meta.le))
    return "，".join([_WANTED[base], *(f"{word} {bound}" for word, bound in bounds if bound is not None)])
