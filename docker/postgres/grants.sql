-- What scylla-pg-cdc needs in PostgreSQL, and no more. Run it as a superuser in the database that receives the tables; it may
-- be run again. Change the names: cdc is the role (postgres.username), ecommerce the schema of the replicated tables; repeat its
-- lines for each schema.

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cdc') THEN
    CREATE ROLE cdc LOGIN; -- its password: \password cdc, in psql
  END IF;
END $$;

-- Offsets, what was decided of the connectors, reconciliation's records. The application makes and owns what is in here.
CREATE SCHEMA IF NOT EXISTS cdc_metadata AUTHORIZATION cdc;

-- The tables. With CREATE the application makes and widens them itself, and owns them (sink.auto.create=true,
-- sink.schema.evolution=additive). Where somebody else does, run grants-without-create.sql after this.
CREATE SCHEMA IF NOT EXISTS ecommerce;
GRANT USAGE, CREATE ON SCHEMA ecommerce TO cdc;

-- So that tables of a new keyspace bring their schema along, which needs more:
-- GRANT CREATE ON DATABASE … TO cdc;
