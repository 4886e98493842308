// The browser's own EventSource: it comes back by itself after a cut, with the cursor of the last event that it saw.
const state = document.getElementById("state");
const list = document.getElementById("changes");

function follow(cursor) {
  const source = new EventSource(`/api/changes/stream?${new URLSearchParams(cursor && { after: cursor })}`);
  source.onopen = () => (state.textContent = "live");
  source.onerror = () => {
    state.textContent = "reconnecting";
    // After an answer that is not 200 a browser gives up: a new stream goes on from the same place.
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000, cursor);
  };
  source.addEventListener("reset", () => list.replaceChildren());
  source.addEventListener("changes", (event) => {
    cursor = event.lastEventId;
    for (const { op, id, before, after } of JSON.parse(event.data).changes) {
      const line = document.createElement("li");
      line.textContent = `${op} #${id} ${before?.status ?? "·"} → ${after?.status ?? "·"}`;
      list.prepend(line);
    }
    while (list.childElementCount > 100) list.lastElementChild.remove();
  });
}
follow();
