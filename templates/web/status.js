// Keeps the status page moving: fetches the page's own fragment, rendered and escaped on the server, and puts it in place.
const live = document.getElementById('live');
const stale = document.getElementById('stale');
const INTERVAL_MS = 2000;
const MAX_INTERVAL_MS = 30000;

let wait = INTERVAL_MS;

async function refresh() {
  try {
    if (!document.hidden) {
      const answer = await fetch(live.dataset.live, { headers: { accept: 'text/html' }, redirect: 'error' });
      if (!answer.ok) throw new Error(String(answer.status));
      live.innerHTML = await answer.text();
      stale.hidden = true;
    }
    wait = INTERVAL_MS;
  } catch {
    // The last numbers stay in view, marked as such; the page asks less and less often until the server answers.
    stale.hidden = false;
    wait = Math.min(wait * 2, MAX_INTERVAL_MS);
  }
  setTimeout(refresh, wait);
}

if (live) setTimeout(refresh, wait);
