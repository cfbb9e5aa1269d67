// The hub's own tables (schema `hub`), as numbered steps. A step that was published is never edited: add the next one.

/** Position + 1 is the step's number in hub.migration. */
export const HUB_STEPS: readonly string[] = [
  `
  CREATE TABLE hub.setting (name text PRIMARY KEY, value text NOT NULL);

  CREATE TABLE hub.feed (
    unit text NOT NULL, source text NOT NULL, object text NOT NULL, strategy text NOT NULL,
    lease_token bigint NOT NULL, lease_until timestamptz, lease_holder text,
    mark jsonb NOT NULL,
    PRIMARY KEY (unit, source, object, strategy)
  );

  CREATE TABLE hub.run (
    id bigserial PRIMARY KEY,
    unit text NOT NULL, source text NOT NULL, object text NOT NULL, strategy text NOT NULL,
    lease_token bigint NOT NULL,
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED')),
    started_at timestamptz NOT NULL, ended_at timestamptz,
    read bigint NOT NULL DEFAULT 0, written bigint NOT NULL DEFAULT 0, unchanged bigint NOT NULL DEFAULT 0,
    deleted bigint NOT NULL DEFAULT 0, set_aside bigint NOT NULL DEFAULT 0, waiting bigint NOT NULL DEFAULT 0,
    not_ours bigint NOT NULL DEFAULT 0, faulty bigint NOT NULL DEFAULT 0,
    error_code text, error_message text,
    manifest text NOT NULL,
    watermark text,
    scan_run bigint
  );
  CREATE INDEX run_by_feed ON hub.run (unit, source, object, strategy, id);

  CREATE TABLE hub.type_state (
    unit text NOT NULL, type text NOT NULL,
    version bigint NOT NULL DEFAULT 0,
    last_attempt_at timestamptz, last_complete_at timestamptz, failing_since timestamptz, last_error_code text,
    rows_landed bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (unit, type)
  );

  CREATE TABLE hub.set_aside (
    id bigserial PRIMARY KEY,
    unit text NOT NULL, source text NOT NULL, object text NOT NULL, strategy text NOT NULL, type text,
    run bigint NOT NULL, manifest text NOT NULL,
    state text NOT NULL CHECK (state IN ('WAITING', 'SET_ASIDE')),
    code text NOT NULL, field text, "column" text, message text NOT NULL,
    record json NOT NULL, record_hash bytea NOT NULL,
    received_at timestamptz NOT NULL, first_seen timestamptz NOT NULL, last_seen timestamptz NOT NULL,
    times bigint NOT NULL DEFAULT 1,
    wait_unit text, wait_type text, wait_version bigint,
    UNIQUE NULLS NOT DISTINCT (unit, source, object, type, record_hash)
  );
  CREATE INDEX set_aside_by_state ON hub.set_aside (unit, source, object, state, last_seen);

  CREATE TABLE hub.snapshot_key (
    run bigint NOT NULL, type text NOT NULL, key text COLLATE "C" NOT NULL,
    PRIMARY KEY (run, type, key)
  );

  CREATE TABLE hub.unit_schema (
    unit text PRIMARY KEY, shape jsonb NOT NULL, manifest text NOT NULL, migrated_at timestamptz NOT NULL
  );
  `,
  // A type that several feeds bring fails while any of them does; runs that wrote nothing are found by their age.
  `
  ALTER TABLE hub.feed ADD COLUMN failing_since timestamptz, ADD COLUMN last_error_code text;
  CREATE INDEX run_idle ON hub.run (started_at) WHERE written = 0 AND deleted = 0 AND state <> 'RUNNING';
  `,
  // How many rows live is asked all the time and takes a quarter of a second a million rows to count: from here on each
  // page keeps the number. What is there already is counted once.
  `
  ALTER TABLE hub.type_state ADD COLUMN rows_living bigint NOT NULL DEFAULT 0;
  DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT s.unit, s.type, u.shape -> 'types' -> s.type ->> 'table' AS name
      FROM hub.type_state s JOIN hub.unit_schema u ON u.unit = s.unit LOOP
      CONTINUE WHEN t.name IS NULL OR to_regclass(format('%I.%I', t.unit, t.name)) IS NULL;
      EXECUTE format('UPDATE hub.type_state SET rows_living = (SELECT count(*) FROM %I.%I WHERE _gone_at IS NULL) WHERE unit = $1 AND type = $2',
        t.unit, t.name) USING t.unit, t.type;
    END LOOP;
  END $$;
  `,
  // What comparing source and store has found: per type what is published, per piece of time what both sides said.
  `
  ALTER TABLE hub.set_aside ADD COLUMN digest bigint;
  ALTER TABLE hub.type_state ADD COLUMN gap bigint, ADD COLUMN surplus bigint, ADD COLUMN gap_basis text, ADD COLUMN reconciled_at timestamptz;
  ALTER TABLE hub.run ADD COLUMN task text NOT NULL DEFAULT 'sync', ADD COLUMN missing bigint;

  CREATE TABLE hub.reconcile_feed (
    unit text NOT NULL, source text NOT NULL, object text NOT NULL, strategy text NOT NULL, type text NOT NULL,
    gap bigint, surplus bigint, basis text NOT NULL, reconciled_at timestamptz NOT NULL,
    PRIMARY KEY (unit, source, object, strategy, type)
  );

  CREATE TABLE hub.reconcile_bucket (
    unit text NOT NULL, source text NOT NULL, object text NOT NULL, strategy text NOT NULL, type text NOT NULL,
    bucket text COLLATE "C" NOT NULL, state text NOT NULL, surplus bigint NOT NULL, manifest text NOT NULL,
    PRIMARY KEY (unit, source, object, strategy, type, bucket)
  );
  `,
  // The shape that each feed's source had when it was last found good, what has changed since, and which types stopped for it.
  `
  ALTER TABLE hub.feed ADD COLUMN shape jsonb, ADD COLUMN stopped jsonb NOT NULL DEFAULT '{}';
  ALTER TABLE hub.run ADD COLUMN note text;
  CREATE TABLE hub.drift (
    unit text NOT NULL, source text NOT NULL, object text NOT NULL, strategy text NOT NULL,
    relation text NOT NULL, "column" text NOT NULL,
    change text NOT NULL CHECK (change IN ('DROPPED', 'RETYPED', 'ALTERED', 'NEW')),
    was text, kind text, types text[] NOT NULL, fields text[] NOT NULL, seen_at timestamptz NOT NULL,
    PRIMARY KEY (unit, source, object, strategy, relation, "column")
  );
  `,
  // For the operator: set-aside records that were sent once more, by which row they would be known, to which run the source
  // last gave them, and how many went after their time; what the delete brake holds back and what of it a person has
  // accepted; how far a run has come; and the pace of a source that all processes share.
  `
  ALTER TABLE hub.set_aside DROP CONSTRAINT set_aside_state_check,
    ADD CONSTRAINT set_aside_state_check CHECK (state IN ('WAITING', 'SET_ASIDE', 'REPLAY'));
  ALTER TABLE hub.set_aside ADD COLUMN natives text[], ADD COLUMN seen_run bigint;
  CREATE INDEX set_aside_by_age ON hub.set_aside (last_seen);
  ALTER TABLE hub.feed ADD COLUMN aside_purged bigint NOT NULL DEFAULT 0, ADD COLUMN aside_purged_at timestamptz,
    ADD COLUMN braked jsonb, ADD COLUMN accepted jsonb;
  ALTER TABLE hub.run ADD COLUMN position double precision;
  CREATE TABLE hub.pace (unit text NOT NULL, source text NOT NULL, full_at timestamptz NOT NULL, PRIMARY KEY (unit, source));
  `,
  // Where every living thing and event of every unit lies (store/places.ts). The tables that are placed have triggers over
  // whole statements, made by their unit's migration, which also brings in what is there already. What came and what went is
  // compared first: most updates move nothing. Rows are found by the primary key alone, whatever is known of the table's size:
  // what has lost its place is written like what has moved, and then taken away.
  `
  CREATE TABLE hub.place (
    unit text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
    lon double precision, lat double precision,
    PRIMARY KEY (unit, type, key)
  );
  CREATE INDEX place_by_point ON hub.place (lon, lat);

  CREATE FUNCTION hub.keep_place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
      INSERT INTO hub.place AS p (unit, type, key, lon, lat)
        SELECT TG_TABLE_SCHEMA, TG_ARGV[0], _key, location_lon, location_lat FROM came
        WHERE _gone_at IS NULL AND location_lon IS NOT NULL AND location_lat IS NOT NULL
        ON CONFLICT (unit, type, key) DO UPDATE SET lon = excluded.lon, lat = excluded.lat;
    WHEN 'UPDATE' THEN
      INSERT INTO hub.place AS p (unit, type, key, lon, lat)
        SELECT TG_TABLE_SCHEMA, TG_ARGV[0], coalesce(c.key, w.key), c.lon, c.lat
        FROM (SELECT _key AS key, location_lon AS lon, location_lat AS lat FROM came
            WHERE _gone_at IS NULL AND location_lon IS NOT NULL AND location_lat IS NOT NULL) c
          FULL JOIN (SELECT _key AS key, location_lon AS lon, location_lat AS lat FROM went
            WHERE _gone_at IS NULL AND location_lon IS NOT NULL AND location_lat IS NOT NULL) w ON w.key = c.key
        WHERE (c.lon, c.lat) IS DISTINCT FROM (w.lon, w.lat)
        ON CONFLICT (unit, type, key) DO UPDATE SET lon = excluded.lon, lat = excluded.lat;
      DELETE FROM hub.place WHERE lon IS NULL;
    WHEN 'DELETE' THEN
      INSERT INTO hub.place AS p (unit, type, key) SELECT TG_TABLE_SCHEMA, TG_ARGV[0], _key FROM went
        ON CONFLICT (unit, type, key) DO UPDATE SET lon = NULL, lat = NULL;
      DELETE FROM hub.place WHERE lon IS NULL;
    ELSE
      DELETE FROM hub.place p WHERE p.unit = TG_TABLE_SCHEMA::text AND p.type = TG_ARGV[0];
    END CASE;
    RETURN NULL;
  END $$;
  `,
  // A key of a record that did not land: it is there, but no proof that its row came.
  `ALTER TABLE hub.snapshot_key ADD COLUMN aside boolean NOT NULL DEFAULT false`,
  // What the delete brake holds back, by the list (`sync.scope`; '' where a feed has one): one county's must not hide another's.
  `
  UPDATE hub.feed SET braked = jsonb_build_object('', braked) WHERE braked IS NOT NULL;
  UPDATE hub.feed SET accepted = jsonb_build_object('', accepted) WHERE accepted IS NOT NULL;
  `,
  // How the hub stands with each sender of a source that is listened to.
  `
  CREATE TABLE hub.device (
    unit text COLLATE "C" NOT NULL, source text COLLATE "C" NOT NULL, device text COLLATE "C" NOT NULL,
    peer text, connected boolean NOT NULL,
    connected_at timestamptz, heard_at timestamptz, disconnected_at timestamptz,
    frames bigint NOT NULL, refused bigint NOT NULL, reason text,
    PRIMARY KEY (unit, source, device)
  );
  `,
  // Which units take part, by their manifests' texts, and what each process of the hub has made of them.
  `
  CREATE TABLE hub.unit (
    unit text COLLATE "C" PRIMARY KEY,
    manifest text NOT NULL, hash text NOT NULL,
    state text NOT NULL CHECK (state IN ('REGISTERED', 'UNREGISTERED')),
    origin text NOT NULL CHECK (origin IN ('FOLDER', 'COMMAND')),
    version bigint NOT NULL, generation bigint NOT NULL,
    registered_at timestamptz NOT NULL, registered_by text NOT NULL
  );
  CREATE TABLE hub.process (
    id text COLLATE "C" PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('WORKER', 'GATEWAY')),
    generation bigint NOT NULL, units jsonb NOT NULL, refused text, seen_at timestamptz NOT NULL
  );
  `,
];
