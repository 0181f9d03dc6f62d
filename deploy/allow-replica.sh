#!/bin/sh
# Run by the image of PostgreSQL when it makes the database: a replica may copy and follow it, with the
# password. On a database that was made before, add the line to pg_hba.conf by hand and reload.
set -eu
echo "host replication all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
