/*
 * 자동등록방지 that the device does for its reader: [data-captcha="address of challenges"].
 * Fetches a challenge when its form gets the focus, looks for the number whose SHA-256 is asked for
 * (ALTCHA's proof of work), and puts it into the form. A form sent before that waits for it.
 * Browsers hash only on HTTPS and localhost (crypto.subtle); elsewhere this file does it by itself.
 * Where it cannot be done (no network), the question stays to be answered by hand.
 */
const BATCH = 500; // hashes under way at once
const FRESH_MS = 15 * 60_000; // a challenge holds for 20 minutes

const hex = (buffer) =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

// SHA-256 (FIPS 180-4): the first 32 bits of the fractions of the roots of the first primes.
const fraction = (number) => ((number % 1) * 2 ** 32) | 0;
const primes = [];
for (let number = 2; primes.length < 64; number += 1) {
  if (primes.every((prime) => number % prime)) primes.push(number);
}
const ROUNDS = primes.map((prime) => fraction(Math.cbrt(prime)));
const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const turn = (word, by) => (word >>> by) | (word << (32 - by));

function sha256(bytes) {
  const blocks = new DataView(new ArrayBuffer((((bytes.length + 8) >> 6) + 1) << 6));
  bytes.forEach((byte, place) => blocks.setUint8(place, byte));
  blocks.setUint8(bytes.length, 0x80);
  blocks.setUint32(blocks.byteLength - 4, bytes.length * 8);
  const hash = Int32Array.from(START);
  const words = new Int32Array(64);
  for (let block = 0; block < blocks.byteLength; block += 64) {
    for (let i = 0; i < 64; i += 1) {
      if (i < 16) {
        words[i] = blocks.getInt32(block + 4 * i);
        continue;
      }
      const [x, y] = [words[i - 15], words[i - 2]];
      const small = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      words[i] = words[i - 16] + small + words[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i += 1) {
      const choice = (e & f) ^ (~e & g);
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + ROUNDS[i] + words[i]) | 0;
      const most = (a & b) ^ (a & c) ^ (b & c);
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + most;
      [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { hash[i] += word; });
  }
  const digest = new DataView(new ArrayBuffer(32));
  hash.forEach((word, i) => digest.setInt32(4 * i, word));
  return digest.buffer;
}

/** The hashes of these texts; between two lots of them the page stays alive. */
function hashes(texts) {
  const encoder = new TextEncoder();
  const bytes = texts.map((text) => encoder.encode(text));
  if (window.crypto?.subtle) {
    return Promise.all(bytes.map((each) => crypto.subtle.digest('SHA-256', each)));
  }
  return new Promise((resolve) => setTimeout(() => resolve(bytes.map(sha256))));
}

async function search({ challenge, salt, maxNumber }) {
  for (let start = 0; start <= maxNumber; start += BATCH) {
    const numbers = Array.from({ length: BATCH }, (_, index) => start + index);
    const found = (await hashes(numbers.map((number) => salt + number))).findIndex((hash) => hex(hash) === challenge);
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

  box.dataset.started = '';
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

const startAll = () => document.querySelectorAll('[data-captcha]:not([data-started])').forEach(start);
startAll();
document.addEventListener('parts', startAll);
