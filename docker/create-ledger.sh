#!/bin/sh
# Makes the ledger's database and an account that owns it and may do nothing else. A new server runs this once.
set -eu
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$LEDGER_PASSWORD" \
    --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
CREATE ROLE credit LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE credit OWNER credit ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE credit FROM PUBLIC;
SQL
