-- The journal: entries in the order in which they were committed, and snapshots in pieces.
-- Instants are ticks of 100 ns since 0001-01-01, checksums are CRC-32C of the bytes beside them.

-- version: of this schema. repeats: written by repeated appends, see append().
create table openpresence.meta (
    is_only boolean primary key default true check (is_only),
    version integer not null,
    repeats bigint not null default 0
);

-- What one node appended in one go. entries: for each, in order, u32 bytes of payload (little-endian),
-- 16 bytes of command id (in the order in which it is written out), payload. Positions have no gaps.
create table openpresence.batches (
    first bigint not null,
    last bigint primary key,
    at bigint not null,
    id uuid not null unique,
    node uuid not null,
    checksum integer not null,
    entries bytea not null,
    check (1 <= first and first <= last)
);

-- Not compressed: a batch is small, and it is read by every node a moment later.
alter table openpresence.batches alter column entries set storage external;

-- The state at a position. Only one that is complete counts.
create table openpresence.snapshots (
    position bigint primary key,
    at bigint not null,
    bytes bigint not null default 0,
    complete boolean not null default false
);

create table openpresence.snapshot_chunks (
    position bigint not null,
    number integer not null,
    checksum integer not null,
    content bytea not null,
    primary key (position, number)
);

alter table openpresence.snapshot_chunks alter column content set storage external;

create function openpresence.now_ticks() returns bigint language sql volatile as $$
    select (extract(epoch from clock_timestamp()) * 10000000)::bigint + 621355968000000000
$$;

-- The end of the journal: its newest batch, or a snapshot that was copied here without entries, or nothing.
create function openpresence.tip(out last bigint, out at bigint) language plpgsql stable as $$
begin
    select b.last, b.at into last, at from openpresence.batches b order by b.last desc limit 1;
    if not found then
        select s.position, s.at into last, at
        from openpresence.snapshots s where s.complete order by s.position desc limit 1;
    end if;
    last := coalesce(last, 0);
    at := coalesce(at, 0);
end
$$;

-- Appends a batch at the end, or says where it stands already: {position of its first entry, instant}. One call is
-- one transaction and one commit. The lock is given up after the commit can be seen, so the order of positions is the
-- order of commits, and who reads by position never misses one. All that is done under it is done in one statement,
-- because everybody waits meanwhile; an array, because a row in the place of a table takes longer than the rest.
create function openpresence.append(
    batch_id uuid,
    batch_count integer,
    batch_entries bytea,
    batch_checksum integer,
    batch_node uuid,
    clock_offset bigint,
    clock_frozen_at bigint
) returns bigint[] language plpgsql volatile as $$
declare
    stored bigint[];
begin
    -- Acknowledged is durable; a server that is told to be careless is not.
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
    end if;

    perform pg_advisory_xact_lock(20304, 2);

    insert into openpresence.batches (first, last, at, id, node, checksum, entries)
    select
        newest.last + 1, newest.last + batch_count,
        greatest(newest.at, coalesce(clock_frozen_at, openpresence.now_ticks() + clock_offset)),
        batch_id, batch_node, batch_checksum, batch_entries
    from (select b.last, b.at from openpresence.batches b order by b.last desc limit 1) newest
    where not exists (select from openpresence.batches b where b.id = batch_id)
    returning array[first, at] into stored;

    if not found then
        select array[b.first, b.at] into stored
        from openpresence.batches b where b.id = batch_id;
        if found then
            -- Written so that this commit waits for the replicas, too: the first one may have been cut short
            -- by a restart before they had it.
            update openpresence.meta set repeats = repeats + 1;
            return stored;
        end if;

        -- The first one of all, or the first after a snapshot that was copied here without entries.
        insert into openpresence.batches (first, last, at, id, node, checksum, entries)
        select
            tip.last + 1, tip.last + batch_count,
            greatest(tip.at, coalesce(clock_frozen_at, openpresence.now_ticks() + clock_offset)),
            batch_id, batch_node, batch_checksum, batch_entries
        from openpresence.tip()
        returning array[first, at] into stored;
    end if;

    perform pg_notify('openpresence', (stored[1] + batch_count - 1) || ' ' || batch_node);
    return stored;
end
$$;
