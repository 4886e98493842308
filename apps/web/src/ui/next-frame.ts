/** A page that is not seen has no frames: then it runs after this long, in milliseconds. */
const UNSEEN = 250;

/** Runs once, with the next frame. */
export function onNextFrame(run: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    run();
  };
  const timer = setTimeout(once, UNSEEN);
  const frame = requestAnimationFrame(once);
}
