// The legacy tables, and what only this test knows of them: `rev` counts up with every change of a key, also over its
// deletion, and `audit` holds every version that there ever was. The hub is never shown either table.

/** Trailing columns of each are the same: what is written (`z`) and its revision. */
export const TABLES = `
create table last_rev (tab text, key text, rev int not null, primary key (tab, key));
create table audit (n bigserial primary key, tab text not null, key text not null, rev int not null, gone boolean not null, z text);

-- Under the lock of its key's counter: revisions are in the order in which their transactions commit.
create function stamp() returns trigger language plpgsql as $$
declare k text; j jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end); r int; gone boolean;
begin
  k := trim(j->>tg_argv[0]) || coalesce('~' || (j->>tg_argv[1]), '');
  insert into last_rev values (tg_table_name, k, 1)
    on conflict (tab, key) do update set rev = last_rev.rev + 1 returning rev into r;
  gone := tg_op = 'DELETE' or coalesce(j->>'deleted', '0') = '1';
  insert into audit (tab, key, rev, gone, z) values (tg_table_name, k, r, gone, coalesce(j->>'z', j->>'stnm'));
  if tg_op = 'DELETE' then return old; end if;
  new.rev := r;
  return new;
end $$;

create table st_stbprp_b (stcd char(8) primary key, stnm varchar(60), rev int not null);
create table st_river_r (stcd char(8), tm timestamp(0), z varchar(60), rev int not null, deleted char(1) not null default '0', primary key (stcd, tm));
create table st_pptn_r (stcd char(8), tm timestamp(3), z varchar(60), rev int not null, primary key (stcd, tm));
create table gate_event (id int primary key, tm timestamptz(3) not null, z varchar(60), rev int not null);
create table permit (id int primary key, z varchar(60), mtime timestamptz, rev int not null);
create table report (id int primary key, tm timestamptz(3) not null, z varchar(60), rev int not null);
create index on permit (mtime, id);
create index on st_river_r (tm, stcd);
create index on st_pptn_r (tm, stcd);
create index on gate_event (tm, id);
create trigger stamp before insert or update or delete on st_stbprp_b for each row execute function stamp('stcd');
create trigger stamp before insert or update or delete on st_river_r for each row execute function stamp('stcd', 'tm');
create trigger stamp before insert or update or delete on st_pptn_r for each row execute function stamp('stcd', 'tm');
create trigger stamp before insert or update or delete on gate_event for each row execute function stamp('id');
create trigger stamp before insert or update or delete on permit for each row execute function stamp('id');
create trigger stamp before insert or update or delete on report for each row execute function stamp('id');
`;

/** Stations that are there from the beginning, that come later than their readings, and that go (and have none). */
export const STATIONS = {
  early: toCodes('61', 40),
  late: toCodes('62', 20),
  going: toCodes('63', 20),
} as const;

function toCodes(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(6, '0')}`);
}
