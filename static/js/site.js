/*
 * Small helps on every page. Each is an attribute on plain HTML that works without it:
 *   form[data-once]             is sent once, however often the button is pressed
 *   [data-confirm="question"]   on a form or a submit button: asks first
 *   button[data-theme-toggle]   light or dark, kept in this browser (theme.js sets it on load)
 *   button[data-copy="text"]    copies the text, or this page's address when it is empty
 *                               (both are `hidden` in the page until this file is there)
 *   button[data-share="address"][data-title]   opens the system's own share sheet; stays hidden in
 *                               a browser without one
 *   button[data-print]          prints the page (hidden likewise)
 *   textarea[data-autogrow]     is as tall as its text
 *   textarea[data-guard]        warns before its text is lost
 *   textarea[data-ctrl-enter]   Ctrl+Enter (⌘+Enter) submits its form
 *   button[data-tick="name"]    ticks all boxes of its form that have this name, or none (hidden too)
 * Everything listens on the document, so parts that are put into the page later work too.
 */
(function () {
  'use strict';

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

  const openMenus = ':is(.menu, .name-menu)[open]'; // left by a click elsewhere, or by Escape

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

  // -- Theme ---------------------------------------------------------------------------------------

  const root = document.documentElement;
  const night = window.matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : night.matches);

  function showTheme() {
    for (const button of document.querySelectorAll('button[data-theme-toggle]')) {
      button.setAttribute('aria-pressed', String(isDark()));
    }
  }

  function switchTheme() {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('theme', root.dataset.theme);
    } catch {
      // storage is closed to us: it lasts for this page
    }
    showTheme();
  }

  night.addEventListener('change', showTheme);
  showTheme();

  // -- Copying -------------------------------------------------------------------------------------

  let voice = null; // an aria-live region, made when there is first something to say

  function say(text) {
    if (!voice) {
      voice = document.createElement('p');
      voice.className = 'toast';
      voice.setAttribute('role', 'status');
      document.body.append(voice);
    }
    voice.textContent = '';
    voice.hidden = false;
    setTimeout(() => (voice.textContent = text), 50); // a change, so that it is read out
    clearTimeout(say.end);
    say.end = setTimeout(() => (voice.hidden = true), 3000);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      say('복사했습니다.');
    } catch {
      window.prompt('아래 글을 복사해 주세요.', text); // plain http, or the browser refused
    }
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
  }

  // They do nothing without this file, so the page brings them hidden.
  const helpers = 'button:is([data-theme-toggle], [data-copy], [data-print], [data-tick])';
  for (const each of document.querySelectorAll(helpers)) {
    each.hidden = false;
  }
  for (const each of document.querySelectorAll('button[data-share]')) {
    each.hidden = !navigator.share;
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if ('themeToggle' in button.dataset) switchTheme();
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

  document.querySelectorAll('textarea[data-autogrow]').forEach((each) => each.value && grow(each));
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
  window.addEventListener('beforeunload', (event) => {
    const unsaved = [...document.querySelectorAll('textarea[data-guard]')].some(
      (each) => each.value !== each.defaultValue && each.form !== sentForm,
    );
    if (unsaved) event.preventDefault();
  });
})();
