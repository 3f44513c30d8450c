# Run once by the image of PostgreSQL, on an empty volume. The server's role is no superuser: row-level security does not
# hold for those.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$RONDO_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE rondo LOGIN PASSWORD :'password';
CREATE DATABASE rondo OWNER rondo;
SQL
