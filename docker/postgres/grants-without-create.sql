-- After grants.sql, where somebody else makes the tables and their columns (sink.auto.create=false, sink.schema.evolution=none):
-- the application may write rows, and nothing else. Run it as whoever makes the tables. Change the names as in grants.sql.

REVOKE CREATE ON SCHEMA ecommerce FROM cdc;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ecommerce TO cdc;
ALTER DEFAULT PRIVILEGES IN SCHEMA ecommerce GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO cdc;
