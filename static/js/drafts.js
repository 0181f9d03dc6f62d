/*
 * Saves the write form on the server while one writes, and says truly whether that has worked.
 *
 * Stands before editor.js, so that words restored from this browser are there when the editor starts.
 * The form has
 *   data-draft-url      where it is sent (views.drafts.save_draft says what comes back)
 *   data-draft-member   the member whose form it is: what they wrote is never saved for another
 *   data-draft-post     the number of the post that is edited, or nothing
 *   data-draft-fresh    there when nobody has written anything in it yet
 * and in it [data-draft-state], where it speaks, [data-draft-login], a link for a lost session, and
 * [data-draft-save], a button that works without this file too.
 *
 * editor.js sends the form 'words' when something was written, and takes 'draftsaved' for "all of
 * it is safe". While nothing can be saved the words are also kept in this browser (localStorage).
 */
(function () {
  'use strict';

  const form = document.querySelector('form[data-draft-url]');
  if (!form) return;

  const IDLE = 3000; // ms after the last change
  const LONGEST = 15000; // ms that one who never pauses waits
  const RETRIES = [5000, 10000, 20000, 40000, 60000];
  const LARGEST = 60000; // bytes that a request may have that outlives its page: browsers allow 64 KB
  const KEEP_LOCAL = 7 * 24 * 3600 * 1000; // ms
  const { draftUrl, draftMember, draftPost } = form.dataset;
  const state = form.querySelector('[data-draft-state]');
  const login = form.querySelector('[data-draft-login]');
  const textarea = form.elements.source;
  const localKey = `draft:${draftMember}:${location.pathname}`;

  let timer = 0;
  let waitingSince = 0; // when the oldest change that is not saved was made
  let composing = false;
  let saving = null; // the request under way
  let failures = 0;
  let saved = null; // the words that the server has, as one text
  let ended = false; // the form is on its way
  let touched = false; // something was written since the page came

  const editor = () => window.hugerte?.get(textarea.id) || null;

  // -- The words -----------------------------------------------------------------------------------

  /** [name, text] of every field; what stands in the editor is read, never touched. */
  function words() {
    const live = editor()?.initialized ? editor() : null;
    const skipped = /^(csrfmiddlewaretoken|submission)$|password/;
    return [...new FormData(form)]
      .filter(([name, value]) => typeof value === 'string' && !skipped.test(name))
      .map(([name, value]) => [name, name === 'source' && live ? live.getContent() : value]);
  }

  const isBlank = (fields) =>
    fields.every(([name, value]) => !/^(subject|source)$/.test(name) || !value.trim());

  function csrfToken() {
    // The cookie's, which is right even when one has logged in again in another window.
    const cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  // -- Saying --------------------------------------------------------------------------------------

  function say(text, { isBad = false, mayLogIn = false } = {}) {
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle('bad', isBad);
    login.hidden = !mayLogIn;
  }

  // -- This browser, when the server cannot be reached ---------------------------------------------

  function keepHere(fields) {
    try {
      const kept = { at: Date.now(), token: form.elements.submission.value, fields };
      localStorage.setItem(localKey, JSON.stringify(kept));
    } catch {
      // storage is full or closed to us: the words are still on the page
    }
  }

  function forgetHere() {
    try {
      localStorage.removeItem(localKey);
    } catch {
      // nothing is there, then
    }
  }

  function keptHere() {
    try {
      const kept = JSON.parse(localStorage.getItem(localKey));
      return kept && Date.now() - kept.at < KEEP_LOCAL ? kept : null;
    } catch {
      return null;
    }
  }

  function restore() {
    const kept = keptHere();
    if (!kept || !('draftFresh' in form.dataset)) return;
    const texts = new Map();
    for (const [name, value] of kept.fields) texts.set(name, [...(texts.get(name) || []), value]);
    for (const field of form.elements) {
      if (!field.name || /^(file|submit|button)$/.test(field.type)) continue;
      if (/^(csrfmiddlewaretoken|submission)$/.test(field.name)) continue;
      const values = texts.get(field.name) || [];
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
    }
    form.elements.submission.value = kept.token;
    say('이 브라우저에 남아 있던 글을 되살렸습니다.');
    changed();
  }

  // -- Saving --------------------------------------------------------------------------------------

  function later(wait) {
    clearTimeout(timer);
    if (!ended) timer = setTimeout(save, wait);
  }

  function changed() {
    touched = true;
    waitingSince ||= Date.now();
    if (failures && timer) return; // the next try comes anyway
    later(Math.max(0, Math.min(IDLE, waitingSince + LONGEST - Date.now())));
  }

  /** Sends what is not saved yet; `isLast`: the page may be gone before the answer. */
  async function save({ isLast = false } = {}) {
    clearTimeout(timer);
    timer = 0;
    if (ended || (isLast && !touched)) return; // a template that was only looked at is no draft
    if (saving) {
      if (isLast) keepHere(words()); // newer than what is on its way
      return void later(500);
    }
    // An open syllable is waited for, but no longer than anything else: words() only reads.
    const isOpen = composing || editor()?.composing;
    if (!isLast && isOpen && Date.now() - waitingSince < LONGEST) return void later(500);
    const fields = words();
    const text = JSON.stringify(fields);
    if (text === saved || (saved === null && isBlank(fields))) {
      waitingSince = 0;
      return;
    }
    waitingSince = 0;
    if (isLast && !mayOutlive(text)) keepHere(fields);
    saving = send(fields, isLast);
    const answer = await saving;
    saving = null;
    if (ended) return;
    if (answer.ok) {
      saved = text;
      failures = 0;
      say([`저장됨 ${answer.saved}`, answer.message].filter(Boolean).join(' · '));
      const now = words();
      if (JSON.stringify(now) === text) {
        forgetHere();
        form.dispatchEvent(new Event('draftsaved'));
      } else if (keptHere()) keepHere(now); // never older than what the server has
      return;
    }
    keepHere(fields);
    refused(answer);
  }

  /** Whether a request with this text reaches the server although its page goes away. */
  const mayOutlive = (text) =>
    navigator.onLine && 'keepalive' in Request.prototype && encodeURIComponent(text).length < LARGEST;

  /** {ok, saved, message} of the server's answer; {status, message} when it has not saved. */
  async function send(fields, isLast) {
    const data = new URLSearchParams(fields);
    data.set('submission', form.elements.submission.value);
    data.set('member', draftMember);
    data.set('post', draftPost || '');
    data.set('csrfmiddlewaretoken', csrfToken());
    const request = { method: 'POST', body: data, headers: { Accept: 'application/json' } };
    try {
      let answer;
      try {
        answer = await fetch(draftUrl, { ...request, keepalive: isLast });
      } catch (problem) {
        if (!isLast) throw problem;
        answer = await fetch(draftUrl, request); // too large to outlive the page
      }
      const said = await answer.json().catch(() => ({}));
      return { ...said, status: answer.status, ok: answer.ok && Boolean(said.saved) };
    } catch {
      return { status: 0 };
    }
  }

  function refused(answer) {
    waitingSince ||= Date.now();
    if (answer.status === 401) {
      say('로그인이 풀렸습니다. 쓰신 글은 이 화면과 이 브라우저에 남아 있습니다.', { isBad: true, mayLogIn: true });
    } else if (answer.status === 409) {
      form.elements.submission.value = answer.token; // sent, and come back to: another form from now on
      forgetHere();
      say(answer.message);
      return;
    } else if (answer.message && answer.status !== 429 && answer.status !== 503) {
      say(answer.message, { isBad: true });
      return; // the same words would be refused again
    } else {
      const why = answer.status === 503 && answer.message; // the site is read-only
      say(why ? `${why} 쓰신 글은 이 브라우저에 남아 있습니다.` : '저장하지 못했습니다 – 다시 시도합니다', { isBad: true });
    }
    later(RETRIES[Math.min(failures, RETRIES.length - 1)]);
    failures += 1;
  }

  // -- When ----------------------------------------------------------------------------------------

  document.addEventListener('compositionstart', () => (composing = true));
  document.addEventListener('compositionend', () => (composing = false));
  for (const kind of ['input', 'change', 'words']) form.addEventListener(kind, changed);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save({ isLast: true });
    else if (failures) later(0); // perhaps they have just logged in
  });
  window.addEventListener('pagehide', () => save({ isLast: true }));
  window.addEventListener('online', () => failures && later(0));

  form.addEventListener('submit', (event) => {
    if (!event.submitter?.matches('[data-draft-save]')) return;
    // Files that were only chosen must be sent with the form itself.
    if ([...form.elements].some((field) => field.type === 'file' && field.files.length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    save();
  });
  window.addEventListener('submit', (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    ended = true;
    clearTimeout(timer);
    forgetHere();
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) ended = false; // come back by the back button
  });

  restore();
})();
