/*
 * 자동등록방지 that the device does for its reader: [data-captcha="address of challenges"].
 * Fetches a challenge when its form gets the focus, looks for the number whose SHA-256 is asked for
 * (ALTCHA's proof of work), and puts it into the form. A form sent before that waits for it.
 * Where the browser cannot (no crypto.subtle on plain HTTP, no network), the question stays to be
 * answered by hand.
 */
const BATCH = 500; // hashes under way at once
const FRESH_MS = 15 * 60_000; // a challenge holds for 20 minutes

const hex = (buffer) =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function search({ challenge, salt, maxNumber }) {
  const encoder = new TextEncoder();
  for (let start = 0; start <= maxNumber; start += BATCH) {
    const numbers = Array.from({ length: BATCH }, (_, index) => start + index);
    const hashes = await Promise.all(
      numbers.map((number) => crypto.subtle.digest('SHA-256', encoder.encode(salt + number))),
    );
    const found = hashes.findIndex((hash) => hex(hash) === challenge);
    if (found >= 0) return start + found;
  }
  throw new Error('no number fits');
}

async function solve(address) {
  const response = await fetch(address, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${response.status}`);
  const puzzle = await response.json();
  const number = await search(puzzle);
  const { algorithm, challenge, salt, signature } = puzzle;
  return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}

function start(box) {
  const form = box.closest('form');
  const byHand = box.querySelector('div');
  const answer = byHand.querySelector('input');
  const field = box.querySelector('[name="captcha_work"]');
  const state = box.querySelector('.captcha-state');
  let work = null;
  let solvedAt = 0;
  let isByHand = false;

  const isGood = () => field.value !== '' && Date.now() - solvedAt < FRESH_MS;

  function begin() {
    if (work || isGood() || isByHand) return work;
    field.value = '';
    state.textContent = box.dataset.working;
    work = solve(box.dataset.captcha)
      .then((proof) => {
        field.value = proof;
        solvedAt = Date.now();
        state.textContent = box.dataset.done;
      })
      .catch(() => {
        isByHand = true;
        byHand.hidden = false;
        state.hidden = true;
        answer.focus();
      })
      .finally(() => (work = null));
    return work;
  }

  byHand.hidden = true;
  state.hidden = false;
  state.textContent = box.dataset.waiting;
  form.addEventListener('focusin', begin, { once: true });
  // Before the scripts that listen on the document, which would take the form for sent.
  form.addEventListener('submit', (event) => {
    if (isGood() || isByHand) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    begin().then(() => {
      if (isGood()) form.requestSubmit(button);
    });
  });
  if (form.contains(document.activeElement)) begin();
}

if (window.crypto?.subtle) document.querySelectorAll('[data-captcha]').forEach(start);
