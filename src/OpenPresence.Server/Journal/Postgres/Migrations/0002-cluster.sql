-- Who serves. Unlogged: it says nothing that outlives a crash of the server, and it is written every second.
-- backend and backend_start: of the session that holds the node's duties; where that is gone, so is the node.
create unlogged table openpresence.nodes (
    id uuid primary key,
    name text not null,
    rules integer not null,
    signing_key text,
    position bigint not null,
    backend integer not null,
    backend_start timestamptz,
    seen_at timestamptz not null
);

-- Locks some of the wanted duties that nobody holds, in their order, until there are as many as are to be taken.
-- A select with a limit would do, but nothing promises that it tries no more than it returns.
create function openpresence.take_duties(space integer, wanted integer[], most integer)
returns integer[] language plpgsql volatile as $$
declare
    taken integer[] := '{}';
    duty integer;
begin
    foreach duty in array wanted loop
        exit when cardinality(taken) >= most;
        if pg_try_advisory_lock(space, duty) then
            taken := taken || duty;
        end if;
    end loop;
    return taken;
end
$$;

-- People's photos, by the SHA-256 of the picture in hexadecimal digits. stored_at: by who stored it last, so that
-- nothing is removed that an entry is about to name.
create table openpresence.photos (
    sha256 text primary key,
    content bytea not null,
    stored_at timestamptz not null default clock_timestamp()
);

-- Pictures are compressed already.
alter table openpresence.photos alter column content set storage external;
