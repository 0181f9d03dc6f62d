#!/bin/sh
# PostgreSQL's image runs this when it creates the database: it lets a replica copy and follow it, with the
# password. For an existing database, add the line to pg_hba.conf by hand and reload.
set -eu
echo "host replication all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
