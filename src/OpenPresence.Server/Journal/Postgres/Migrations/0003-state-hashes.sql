-- What each node's state was at the positions that a verification asked for; null: the node was busy.
create table openpresence.state_hashes (
    position bigint not null,
    node uuid not null,
    sha256 bytea,
    primary key (position, node)
);
