"""Every change of the orders by Socket.IO, a line each; after a cut it goes on from the last cursor."""
import sys

import socketio

client = socketio.Client()
place = {}


@client.event
def connect():
    # Not waited for here: what was missed arrives before the acknowledgement.
    client.emit("watch", {"statuses": ["pending", "shipped", "delivered"], **place}, callback=watching)


def watching(ack):
    if not ack["ok"]:
        print(ack["problem"]["detail"], file=sys.stderr)
        client.disconnect()
        return
    place["after"] = ack["cursor"]
    print(f"live, {ack['replayed']} caught up", file=sys.stderr, flush=True)


@client.on("changes")
def changes(batch):
    for change in batch["changes"]:
        before, after = ((image or {}).get("status", "·") for image in (change["before"], change["after"]))
        print(f"{change['op']} #{change['id']} {before} → {after}", flush=True)
    place["after"] = batch["cursor"]


@client.on("reset")
def reset(told):
    place["after"] = told["cursor"]


client.connect(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:3000", transports=["websocket"])
client.wait()
