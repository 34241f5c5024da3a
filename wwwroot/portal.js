// The portal's own script: theme, copy, ages, search, keys, chart read-out. Everything is delegated from the document, so
// pages swapped in by enhanced navigation need no wiring, and every page stays readable without it.

const root = document.documentElement;

// Live pages: when their connection breaks, try again within two seconds for an hour, at once when the tab is looked at.
// A portal that was restarted refuses the old circuit: then the page is loaded anew.
window.Blazor?.registerCustomEventType('readingchange', { createEventArgs: event => ({ reading: event.detail }) });
window.Blazor?.start({ circuit: { reconnectionOptions: { maxRetries: 1800, retryIntervalMilliseconds: () => 2000 } } });
const connection = document.getElementById('components-reconnect-modal');
new MutationObserver(() => {
  if (connection.matches('.components-reconnect-rejected, .components-reconnect-failed')) location.reload();
}).observe(connection, { attributes: true, attributeFilter: ['class'] });
document.addEventListener('visibilitychange', async () => {
  if (document.visibilityState === 'visible' && connection.matches('.components-reconnect-show')) {
    if (await window.Blazor.reconnect() === false) location.reload();
  }
});

// Theme: kept in a cookie, so that the server already sends the right one.
function isDark() {
  const chosen = root.dataset.theme;
  return chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
}
function applyTheme(theme) {
  root.dataset.theme = theme;
  for (const sheet of document.querySelectorAll('[data-theme-sheet]')) {
    sheet.media = sheet.dataset.themeSheet === theme ? 'all' : 'not all';
  }
  document.cookie = `basilisk-theme=${theme}; path=/; max-age=31536000; samesite=strict`;
}

// Ages: only the text node's value changes, so that Blazor still finds its node.
function words(seconds) {
  if (seconds < 1) return 'just now';
  const whole = Math.floor;
  if (seconds < 60) return `${whole(seconds)} s ago`;
  if (seconds < 3600) return `${whole(seconds / 60)} min ago`;
  if (seconds < 86400) {
    const minutes = whole(seconds / 60) % 60;
    return minutes === 0 ? `${whole(seconds / 3600)} h ago` : `${whole(seconds / 3600)} h ${minutes} min ago`;
  }
  return `${whole(seconds / 86400)} d ago`;
}
function refreshAges() {
  for (const time of document.querySelectorAll('time[data-age]')) {
    const text = words((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.firstChild && time.firstChild.nodeValue !== text) time.firstChild.nodeValue = text;
  }
}
setInterval(() => { if (!document.hidden) refreshAges(); }, 1000);

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.value);
    button.classList.add('done');
    button.title = 'Copied';
    setTimeout(() => { button.classList.remove('done'); button.title = 'Copy'; }, 1500);
  } catch {
    button.title = 'The browser refused to copy';
  }
}

const keyHelp = () => document.getElementById('key-help');
const singleKeys = () => localStorage.getItem('basilisk-single-keys') !== 'off';

function openHelp() {
  keyHelp().querySelector('[data-action="single-keys"]').checked = singleKeys();
  keyHelp().showModal();
}

document.addEventListener('click', event => {
  const target = event.target.closest('[data-action]');
  if (target) {
    switch (target.dataset.action) {
      case 'toggle-theme': applyTheme(isDark() ? 'light' : 'dark'); break;
      case 'copy': copy(target); break;
      case 'reload': location.reload(); break;
      case 'open-help': openHelp(); break;
      case 'close-help': keyHelp().close(); break;
      case 'single-keys': localStorage.setItem('basilisk-single-keys', target.checked ? 'on' : 'off'); break;
    }
  }
  const menu = document.querySelector('details.menu[open]');
  if (menu && (event.target.closest('details.menu a') || !menu.contains(event.target))) menu.open = false;
});

document.addEventListener('keydown', event => {
  const field = event.target.closest('input, textarea, select, [contenteditable]');
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target.matches('textarea[data-submit-on-enter]')) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (field || event.ctrlKey || event.metaKey || event.altKey || !singleKeys()) return;
  if (event.key === '/') {
    event.preventDefault();
    document.getElementById('search-box').focus();
  } else if (event.key === '?') {
    openHelp();
  } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    document.querySelector(`a[data-neighbour="${event.key === 'ArrowLeft' ? 'previous' : 'next'}"]`)?.click();
  }
});

// Pointing at one hash marks the same one everywhere on the page.
document.addEventListener('pointerover', event => {
  const hash = event.target.closest?.('.hash');
  for (const twin of document.querySelectorAll('.hash.twin')) twin.classList.remove('twin');
  if (!hash) return;
  const same = document.querySelectorAll(`.hash[data-hash="${CSS.escape(hash.dataset.hash)}"]`);
  if (same.length > 1) for (const twin of same) twin.classList.add('twin');
});

// Search suggestions: a combobox over /search/suggest.
let suggestTimer = 0, suggestAbort = null;
const searchBox = () => document.getElementById('search-box');
const searchList = () => document.getElementById('search-list');
function closeSuggestions() {
  const list = searchList();
  if (!list || list.hidden) return;
  list.hidden = true;
  searchBox().setAttribute('aria-expanded', 'false');
  searchBox().removeAttribute('aria-activedescendant');
}
function showSuggestions(hits) {
  const list = searchList();
  list.replaceChildren(...hits.map((hit, i) => {
    const item = document.createElement('li');
    item.id = `search-hit-${i}`;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.dataset.href = hit.href;
    const title = document.createElement('span');
    title.textContent = hit.title;
    const kind = document.createElement('span');
    kind.className = 'kind';
    kind.textContent = hit.kind;
    item.append(title, kind);
    return item;
  }));
  list.hidden = hits.length === 0;
  searchBox().setAttribute('aria-expanded', String(hits.length > 0));
}
async function suggest(text) {
  suggestAbort?.abort();
  if (text.trim() === '') { closeSuggestions(); return; }
  suggestAbort = new AbortController();
  try {
    const answer = await fetch(`/search/suggest?q=${encodeURIComponent(text)}`, { signal: suggestAbort.signal });
    if (answer.ok && document.activeElement === searchBox()) showSuggestions(await answer.json());
  } catch (problem) {
    if (problem.name !== 'AbortError') closeSuggestions();
  }
}
document.addEventListener('input', event => {
  if (event.target.id !== 'search-box') return;
  clearTimeout(suggestTimer);
  suggestTimer = setTimeout(() => suggest(event.target.value), 120);
});
document.addEventListener('keydown', event => {
  if (event.target.id !== 'search-box') return;
  if (event.key === 'Escape') {
    if (searchList().hidden) searchBox().blur(); else closeSuggestions();
    return;
  }
  const items = [...searchList().children];
  const at = items.findIndex(item => item.getAttribute('aria-selected') === 'true');
  if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && items.length > 0 && !searchList().hidden) {
    event.preventDefault();
    const to = (at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute('aria-selected', String(i === to)));
    searchBox().setAttribute('aria-activedescendant', items[to].id);
  } else if (event.key === 'Enter' && at >= 0 && !searchList().hidden) {
    event.preventDefault();
    location.assign(items[at].dataset.href);
  }
});
document.addEventListener('pointerdown', event => {
  const hit = event.target.closest?.('#search-list li');
  if (hit) { event.preventDefault(); location.assign(hit.dataset.href); }
  else if (event.target.id !== 'search-box') closeSuggestions();
});

// Chart read-out under the pointer; the same numbers are in the table below.
const charts = new WeakMap();
function readOut(plot, event) {
  let known = charts.get(plot);
  if (!known || known.text !== plot.dataset.chart) {
    known = { text: plot.dataset.chart, series: JSON.parse(plot.dataset.chart) };
    charts.set(plot, known);
  }
  const box = plot.querySelector('.plot-box');
  const bounds = box.getBoundingClientRect();
  const x = (event.clientX - bounds.left) / bounds.width;
  let nearest = null;
  for (const series of known.series) for (const point of series.points) {
    if (nearest === null || Math.abs(point[0] - x) < Math.abs(nearest - x)) nearest = point[0];
  }
  if (nearest === null) return;
  let line = plot.querySelector('.read-line'), text = plot.querySelector('.read-box');
  if (!line) {
    line = Object.assign(document.createElement('div'), { className: 'read-line' });
    text = Object.assign(document.createElement('div'), { className: 'read-box' });
    plot.append(line, text);
  }
  const left = box.offsetLeft + nearest * box.offsetWidth;
  line.style.left = `${left}px`;
  line.style.height = `${box.offsetHeight}px`;
  const lines = [];
  let heading = '';
  for (const series of known.series) {
    const point = series.points.find(candidate => candidate[0] === nearest);
    if (point) { heading = point[2]; lines.push(`${series.name}: ${point[3]}`); }
  }
  const title = document.createElement('b');
  title.textContent = heading;
  text.replaceChildren(title, ...lines.map(entry => Object.assign(document.createElement('div'), { textContent: entry })));
  const half = plot.offsetWidth / 2;
  text.style.left = left < half ? `${left + 10}px` : '';
  text.style.right = left < half ? '' : `${plot.offsetWidth - left + 10}px`;
}
document.addEventListener('pointermove', event => {
  const plot = event.target.closest?.('[data-chart]');
  if (plot) readOut(plot, event);
});
document.addEventListener('pointerout', event => {
  const plot = event.target.closest?.('[data-chart]');
  if (plot && !plot.contains(event.relatedTarget)) plot.querySelectorAll('.read-line, .read-box').forEach(part => part.remove());
});

// Live lists stand still while the page is scrolled away from its top: new rows would push what is being read.
let reading = false;
document.addEventListener('scroll', () => {
  const now = scrollY > 80;
  if (now === reading) return;
  reading = now;
  for (const list of document.querySelectorAll('[data-live-list]')) list.dispatchEvent(new CustomEvent('readingchange', { bubbles: true, detail: now }));
}, { passive: true });

// A page swapped in begins at its heading, for those who cannot see that it changed; a page loaded anew begins at its top.
let shownPath = location.pathname;
window.Blazor?.addEventListener('enhancedload', () => {
  if (location.pathname === shownPath) return;
  shownPath = location.pathname;
  const heading = document.querySelector('h1');
  if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
});

document.querySelector('#blazor-error-ui .reload')?.addEventListener('click', event => { event.preventDefault(); location.reload(); });
