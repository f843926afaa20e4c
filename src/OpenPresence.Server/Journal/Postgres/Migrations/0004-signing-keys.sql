-- All signing keys that a node has, so that none is used that another node does not know.
alter table openpresence.nodes add column signing_keys text[];
