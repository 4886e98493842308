#!/bin/sh
# Every change of the orders as it comes. `id:` is the cursor: `-H "Last-Event-ID: …"` goes on from there.
exec curl -sSN "${1:-http://127.0.0.1:3000}/api/changes/stream"
