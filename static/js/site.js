/*
 * Small helps on every page. Each is an attribute on plain HTML that works without it:
 *   form[data-once]             is sent once, however often the button is pressed
 *   [data-confirm="question"]   on a form or a submit button: asks first
 *   button[data-theme-toggle]   light or dark, kept in this browser (theme.js sets it on load)
 *   button[data-density-toggle]  low or high rows in lists, stored likewise
 *   button[data-copy="text"]    copies the text, or this page's address when it is empty
 *                               (these, data-print and data-tick are not shown without scripts: base.css)
 *   button[data-share="address"][data-title]   opens the system's own share sheet; stays hidden in
 *                               a browser without one
 *   button[data-print]          prints the page
 *   textarea[data-autogrow]     is as tall as its text
 *   textarea[data-guard="7"]    warns before its text is lost, and has it again if the page was lost all
 *                               the same; the id of the member who writes, or ""
 *   textarea[data-ctrl-enter]   Ctrl+Enter (⌘+Enter) submits its form
 *   button[data-tick="name"]    ticks all boxes of its form that have this name, or none
 *   [data-ticked="name"]        shows how many of them are ticked, while any is
 * Everything listens on the document, so parts that are put into the page later work too (inplace.js;
 * the event 'parts' follows). The event 'say' shows its detail.text, or with isQuiet only reads it out.
 */
(function () {
  'use strict';

  // Safari before 16. Every script of the site comes after this one.
  HTMLFormElement.prototype.requestSubmit ||= function (button) {
    (button || submitButtons(this)[0]).click();
  };

  // -- Asking first, sending once ------------------------------------------------------------------

  document.addEventListener('submit', (event) => {
    const asker = (event.submitter || event.target).closest('[data-confirm]');
    if (!asker || event.defaultPrevented) return;
    if (!window.confirm(asker.dataset.confirm)) event.preventDefault();
  });

  const submitButtons = (form) => [...form.elements].filter((each) => each.type === 'submit');

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches('[data-once]')) return;
    // Later: a disabled button's own name and value would not be sent.
    setTimeout(() => submitButtons(form).forEach((button) => (button.disabled = true)));
  });

  window.addEventListener('pageshow', () => {
    // Back by the back button: browsers keep what was disabled.
    for (const form of document.querySelectorAll('form[data-once]')) {
      for (const button of submitButtons(form)) button.disabled = false;
    }
  });

  // -- Finding one's way ---------------------------------------------------------------------------

  // What must be corrected is read out first.
  document.querySelector('.error-summary')?.focus();

  // A link that opens a form (답변, 새 댓글쓰기) leads into its field. `autofocus` alone does not:
  // browsers ignore it where the address names a part of the page, and take the focus away once more
  // when they have scrolled there.
  const begun = document.querySelector(
    location.hash === '#write-comment' ? '#write-comment textarea' : '.comment-form [autofocus]',
  );
  begun?.focus();
  window.addEventListener('load', () => {
    setTimeout(() => document.activeElement === document.body && begun?.focus());
  });

  // The present place of a line that slides is in sight.
  for (const here of document.querySelectorAll(':is(.boards-line, .own-tabs, .tabs) [aria-current]')) {
    const line = here.closest('.boards-line, .own-tabs, .tabs');
    const { left, width } = (here.closest('.boards-line > li') ?? here).getBoundingClientRect();
    line.scrollLeft += left + width / 2 - line.getBoundingClientRect().left - line.clientWidth / 2;
  }

  // An address that names an answer opens it; older browsers do not see into a closed <details>.
  function openNamed() {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const closed = named?.closest('details.question:not([open])');
    if (!closed) return;
    closed.open = true;
    closed.scrollIntoView();
  }
  openNamed();
  window.addEventListener('hashchange', openNamed);

  const openMenus = ':is(.menu, .name-menu, .submenu)[open]'; // left by a click elsewhere, or by Escape

  document.addEventListener('click', (event) => {
    // The field that :target has just shown; a moment later, when it can take the focus.
    if (event.target.closest('.search-open')) {
      setTimeout(() => document.getElementById('site-q').focus());
    }
    for (const menu of document.querySelectorAll(openMenus)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener('keydown', (event) => {
    const menu = document.querySelector(openMenus);
    if (event.key !== 'Escape' || !menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });

  // What scrolls sideways by itself must be reachable with the keyboard; Safari does not see to that.
  function letKeysScroll() {
    for (const each of document.querySelectorAll('.post-body :is(table, pre)')) {
      if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
      else each.removeAttribute('tabindex');
    }
  }
  letKeysScroll();
  window.addEventListener('resize', letKeysScroll);
  document.addEventListener('parts', letKeysScroll);

  // -- Theme ---------------------------------------------------------------------------------------

  const root = document.documentElement;
  const night = window.matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : night.matches);

  function showTheme() {
    for (const button of document.querySelectorAll('button[data-theme-toggle]')) {
      button.setAttribute('aria-pressed', String(isDark()));
    }
  }

  function choose(name, value) {
    root.dataset[name] = value;
    try {
      localStorage.setItem(name, value);
    } catch {
      // storage is closed to us: it lasts for this page
    }
  }

  function switchTheme() {
    choose('theme', isDark() ? 'light' : 'dark');
    showTheme();
  }

  night.addEventListener('change', showTheme);
  showTheme();

  // -- Density of lists ----------------------------------------------------------------------------

  const isCompact = () => getComputedStyle(root).getPropertyValue('--density').trim() === 'compact';

  function showDensity() {
    for (const button of document.querySelectorAll('button[data-density-toggle]')) {
      button.setAttribute('aria-pressed', String(isCompact()));
    }
  }

  function switchDensity() {
    choose('density', isCompact() ? 'comfortable' : 'compact');
    showDensity();
  }

  showDensity();
  document.addEventListener('parts', showDensity);

  // -- Saying and copying --------------------------------------------------------------------------

  let voice = null; // an aria-live region, made when there is first something to say

  function say(text, isQuiet = false) {
    if (!voice) {
      voice = document.createElement('p');
      voice.setAttribute('role', 'status');
      document.body.append(voice);
    }
    voice.className = isQuiet ? 'visually-hidden' : 'toast';
    voice.textContent = '';
    voice.hidden = false;
    setTimeout(() => (voice.textContent = text), 50); // a change, so that it is read out
    clearTimeout(say.end);
    say.end = setTimeout(() => (voice.hidden = true), 3000);
  }

  document.addEventListener('say', ({ detail }) => say(detail.text, detail.isQuiet));

  /** The way of old browsers, which also works on plain HTTP and in the browsers inside other apps. */
  function copyBySelection(text) {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'visually-hidden';
    field.readOnly = true; // no keyboard comes up
    document.body.append(field);
    field.select();
    const isDone = document.execCommand('copy');
    field.remove();
    return isDone;
  }

  async function copy(text) {
    const before = document.activeElement;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const isDone = copyBySelection(text);
      before.focus({ preventScroll: true });
      if (!isDone) return void window.prompt('아래 글을 복사해 주세요.', text);
    }
    say('복사했습니다.');
  }

  async function share({ share: url, title }) {
    try {
      await navigator.share({ title, url });
    } catch (problem) {
      if (problem.name !== 'AbortError') copy(url); // not the person, the browser refused
    }
  }

  function tickAll(form, name) {
    const boxes = [...form.elements].filter((each) => each.name === name);
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    countTicked();
  }

  function countTicked() {
    for (const place of document.querySelectorAll('[data-ticked]')) {
      const count = document.getElementsByName(place.dataset.ticked);
      const ticked = [...count].filter((box) => box.checked).length;
      place.textContent = ticked ? String(ticked) : '';
    }
  }

  document.addEventListener('change', countTicked);
  window.addEventListener('pageshow', countTicked); // a browser may have ticked them again

  function showShare() {
    for (const each of document.querySelectorAll('button[data-share]')) each.hidden = !navigator.share;
  }

  showShare();
  document.addEventListener('parts', showShare);

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if ('themeToggle' in button.dataset) switchTheme();
    if ('densityToggle' in button.dataset) switchDensity();
    if ('print' in button.dataset) window.print();
    if ('copy' in button.dataset) copy(button.dataset.copy || window.location.href);
    if ('share' in button.dataset) share(button.dataset);
    if ('tick' in button.dataset) tickAll(button.form, button.dataset.tick);
  });

  // -- Writing -------------------------------------------------------------------------------------

  function grow(textarea) {
    textarea.style.height = 'auto';
    const borders = textarea.offsetHeight - textarea.clientHeight;
    textarea.style.height = textarea.scrollHeight + borders + 'px';
  }

  function growAll() {
    document.querySelectorAll('textarea[data-autogrow]').forEach((each) => each.value && grow(each));
  }

  growAll();
  document.addEventListener('parts', growAll);
  document.addEventListener('input', (event) => {
    if (event.target.matches('textarea[data-autogrow]')) grow(event.target);
  });

  document.addEventListener('keydown', (event) => {
    // While Hangul is being composed Enter belongs to the composition; Safari says so by 229 only.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    if (!event.target.matches('textarea[data-ctrl-enter]')) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  let sentForm = null; // its text is not lost
  window.addEventListener('submit', (event) => {
    if (!event.defaultPrevented) sentForm = event.target;
  });
  window.addEventListener('pageshow', () => (sentForm = null));

  const guarded = () => [...document.querySelectorAll('textarea[data-guard]')];
  const isUnsaved = (field) => field.value !== field.defaultValue && field.form !== sentForm;

  window.addEventListener('beforeunload', (event) => {
    if (!guarded().some(isUnsaved)) return;
    event.preventDefault();
    event.returnValue = true; // what Chromium before 119 asks for
  });

  // Until the form is sent, its field is emptied or somebody logs out: a member's text for a week in
  // this browser, a guest's in this tab only, because others may come to the same browser.
  const GUARDED = 'guarded:';
  const KEPT = 7 * 24 * 3600 * 1000; // ms
  const storageOf = (field) => (field.dataset.guard ? 'localStorage' : 'sessionStorage');
  const keyOf = (field) => `${GUARDED}${field.dataset.guard}:${location.pathname}#${field.id}`;

  function store(name, change) {
    try {
      change(window[name]);
    } catch {
      // storage is full or closed to us: the words are still on the page
    }
  }

  const ownKeys = new Set(); // what another tab has stored is none of ours

  function keepGuarded() {
    for (const field of guarded()) {
      const key = keyOf(field);
      if (field.closest('#panel')) continue; // it is published already; its page would not restore it
      store(storageOf(field), (storage) => {
        if (isUnsaved(field)) {
          storage.setItem(key, JSON.stringify({ at: Date.now(), words: field.value }));
          ownKeys.add(key);
        } else if (ownKeys.delete(key)) {
          storage.removeItem(key);
        }
      });
    }
  }

  function forgetGuarded(isOver) {
    for (const name of ['localStorage', 'sessionStorage']) {
      store(name, (storage) => {
        for (const key of Object.keys(storage)) {
          if (key.startsWith(GUARDED) && isOver(storage.getItem(key))) storage.removeItem(key);
        }
      });
    }
  }

  forgetGuarded((kept) => !(Date.now() - JSON.parse(kept).at < KEPT));
  for (const field of guarded()) {
    store(storageOf(field), (storage) => {
      const words = JSON.parse(storage.getItem(keyOf(field)))?.words;
      if (!words || field.value) return;
      ownKeys.add(keyOf(field));
      field.value = words;
      field.dispatchEvent(new Event('input', { bubbles: true })); // it grows
    });
  }

  let keeping = 0; // a crash is not announced
  document.addEventListener('input', (event) => {
    if (!event.target.matches('[data-guard]')) return;
    clearTimeout(keeping);
    keeping = setTimeout(keepGuarded, 500);
  });
  document.addEventListener('parts', keepGuarded);
  window.addEventListener('pagehide', keepGuarded);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keepGuarded();
  });
  window.addEventListener('submit', (event) => {
    if (event.defaultPrevented || !/\/logout\/$/.test(event.target.action)) return;
    forgetGuarded(() => true);
  });
})();
