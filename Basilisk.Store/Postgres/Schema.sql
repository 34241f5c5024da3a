-- Tables of Basilisk.Store, version 1, in Marten's shape; every column is explained in docs/store.md.
-- {schema} is replaced by the schema's name, which is checked to be a plain identifier.
create table {schema}.mt_streams (
    id varchar(250) collate "C" primary key,
    type varchar,
    version bigint not null,
    timestamp timestamptz not null,
    snapshot jsonb,
    snapshot_version integer,
    created timestamptz not null,
    tenant_id varchar not null default '*DEFAULT*',
    is_archived boolean not null default false
);

create sequence {schema}.mt_events_sequence;

create table {schema}.mt_events (
    seq_id bigint primary key,
    id uuid not null,
    stream_id varchar(250) collate "C" not null,
    version bigint not null,
    data jsonb not null,
    type varchar(500) not null,
    timestamp timestamptz not null,
    tenant_id varchar not null default '*DEFAULT*',
    mt_dotnet_type varchar(500),
    is_archived boolean not null default false,
    constraint pk_mt_events_stream_and_version unique (stream_id, version)
);
alter sequence {schema}.mt_events_sequence owned by {schema}.mt_events.seq_id;

create table {schema}.mt_event_progression (
    name varchar(100) collate "C" primary key,
    last_seq_id bigint not null,
    last_updated timestamptz not null default transaction_timestamp(),
    projection_version integer not null
);

create table {schema}.mt_blobs (
    key bytea primary key check (length(key) = 32),
    data bytea not null
);
-- Payloads are compressed already: storing them uncompressed saves the attempt.
alter table {schema}.mt_blobs alter column data set storage external;

create table {schema}.mt_document_collections (
    name text collate "C" primary key,
    owner text collate "C" not null
);

create table {schema}.mt_documents (
    collection text collate "C" not null,
    id text collate "C" not null,
    data jsonb not null,
    primary key (collection, id)
);

create table {schema}.mt_document_keys (
    collection text collate "C" not null,
    index_name text collate "C" not null,
    key text collate "C" not null,
    id text collate "C" not null,
    primary key (collection, index_name, key, id)
);
create index mt_document_keys_of_document on {schema}.mt_document_keys (collection, id);

-- Announces, until the transaction ends, that sequences above the present one may be on their way. Readable in pg_locks by
-- everybody; shared, so that writers never wait for one another here. Must come before the first nextval.
create function {schema}.mt_announce() returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(
        '{schema}.mt_events_sequence'::regclass::oid::integer,
        (case when is_called then last_value else 0 end)::bit(32)::integer)
    from {schema}.mt_events_sequence;
end $$;

-- The high-water mark: no event at or below it can appear any more. The sequence is read first and the announcements after it:
-- a writer that announces later draws a sequence above the one read; a writer that announced earlier and has ended is visible.
create function {schema}.mt_high_water() returns bigint language plpgsql volatile as $$
declare
    last bigint;
    mark bigint;
begin
    select case when s.is_called then s.last_value else 0 end into last from {schema}.mt_events_sequence s;
    -- objid holds the low 32 bits of the announced sequence; a difference above 2^31 means one above the last read.
    select min(last - ((last - l.objid::bigint) & 4294967295)) into mark
    from pg_locks l
    where l.locktype = 'advisory' and l.objsubid = 2
        and l.database = (select d.oid from pg_database d where d.datname = current_database())
        and l.classid = '{schema}.mt_events_sequence'::regclass::oid
        and ((last - l.objid::bigint) & 4294967295) < 2147483648;
    return coalesce((select max(e.seq_id) from {schema}.mt_events e where e.seq_id <= coalesce(mark, last)), 0);
end $$;

create function {schema}.mt_write_blobs(keys bytea[], contents bytea[]) returns void language plpgsql as $$
declare
    written bigint;
    conflict bytea;
begin
    -- In the order of keys, so that two writers of the same blobs wait for one another but never in a circle.
    insert into {schema}.mt_blobs (key, data)
        select b.key, b.data from unnest(keys, contents) as b(key, data) order by b.key
        on conflict (key) do nothing;
    get diagnostics written = row_count;
    if written < cardinality(keys) then
        select b.key into conflict from unnest(keys, contents) as b(key, data)
            join {schema}.mt_blobs s on s.key = b.key where s.data <> b.data limit 1;
        if found then
            raise exception '%', encode(conflict, 'hex') using errcode = 'BK002';
        end if;
    end if;
end $$;

create function {schema}.mt_append(
    stream text, expected bigint, at timestamptz, ids uuid[], types text[], contents text[], dotnet_types text[],
    blob_keys bytea[], blobs bytea[], out first_sequence bigint, out last_sequence bigint) language plpgsql as $$
declare
    count bigint := cardinality(ids);
    actual bigint;
begin
    perform {schema}.mt_announce();
    if expected = 0 then
        insert into {schema}.mt_streams (id, version, timestamp, created) values (stream, count, at, at) on conflict do nothing;
    else
        update {schema}.mt_streams s set version = s.version + count, timestamp = at where s.id = stream and s.version = expected;
    end if;
    if not found then
        select s.version into actual from {schema}.mt_streams s where s.id = stream;
        raise exception '%', coalesce(actual, 0) using errcode = 'BK001';
    end if;
    if cardinality(blob_keys) > 0 then
        perform {schema}.mt_write_blobs(blob_keys, blobs);
    end if;
    with inserted as (
        insert into {schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
            select nextval('{schema}.mt_events_sequence'), e.id, stream, expected + e.position, e.data::jsonb, e.type, at, e.dotnet_type
            from (select * from unnest(ids, types, contents, dotnet_types) with ordinality
                as u(id, type, data, dotnet_type, position) order by u.position) e
            returning seq_id)
        select min(i.seq_id), max(i.seq_id) into first_sequence, last_sequence from inserted i;
end $$;

-- Writes documents (a null content deletes) and their keys for an owner; returns how many were deleted.
create function {schema}.mt_write_documents(
    writer text, collections text[], ids text[], contents text[],
    key_collections text[], key_ids text[], key_names text[], keys text[]) returns bigint language plpgsql as $$
declare
    foreign_collection text;
    foreign_owner text;
    deleted bigint;
begin
    insert into {schema}.mt_document_collections (name, owner)
        select distinct c.name, writer from unnest(collections) as c(name) order by c.name on conflict do nothing;
    select c.name, c.owner into foreign_collection, foreign_owner from {schema}.mt_document_collections c
        where c.name = any(collections) and c.owner <> writer limit 1;
    if found then
        raise exception '%', json_build_array(foreign_collection, foreign_owner) using errcode = 'BK003';
    end if;
    delete from {schema}.mt_document_keys k using unnest(collections, ids) as w(collection, id)
        where k.collection = w.collection and k.id = w.id and not exists (
            select from unnest(key_collections, key_ids, key_names, keys) as n(collection, id, name, key)
            where n.collection = k.collection and n.id = k.id and n.name = k.index_name and n.key = k.key);
    delete from {schema}.mt_documents d using unnest(collections, ids, contents) as w(collection, id, content)
        where d.collection = w.collection and d.id = w.id and w.content is null;
    get diagnostics deleted = row_count;
    insert into {schema}.mt_documents (collection, id, data)
        select w.collection, w.id, w.content::jsonb from unnest(collections, ids, contents) as w(collection, id, content)
        where w.content is not null order by 1, 2
        on conflict (collection, id) do update set data = excluded.data;
    insert into {schema}.mt_document_keys (collection, id, index_name, key)
        select * from unnest(key_collections, key_ids, key_names, keys) on conflict do nothing;
    return deleted;
end $$;

create table {schema}.mt_store (
    schema_version integer not null
);
insert into {schema}.mt_store values (1);
