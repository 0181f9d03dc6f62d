/*
 * Forms and links that are answered in place: the page stays, and only what has changed is replaced
 * (0099). Each works without this file.
 *   [data-inplace="id id"]   on a form, a button, a link, or around links: the elements of the page
 *                            with these ids are replaced by those of the response
 *   a[data-panel="id id"]    opens #panel of the page that it leads to below itself; the form in it is
 *                            answered in place, a[data-cancel] closes it
 *   [data-history]           also: the link's address becomes that of the page, and one can go back
 *
 * A response is the parts alone, or a whole page that has them (also after a redirect). Without any of
 * them it is a refusal, which then stands beside the button, or another page, which is opened. The
 * focus goes into the field that is wrong, or where the response says (Content-Location), else to the
 * same button. What was written stays in its field until the response to it is there.
 */
(function () {
  'use strict';

  const OFFLINE = '보내지 못했습니다. 쓰신 글은 그대로 있습니다. 인터넷 연결을 확인하고 다시 눌러 주세요.';
  const UNREAD = '불러오지 못했습니다. 인터넷 연결을 확인하고 다시 눌러 주세요.';
  const FAILED = '처리하지 못했습니다. 잠시 후 다시 눌러 주세요.';
  const CONTROLS = 'a[href], button, input:not([type="hidden"]), textarea, select, summary';
  const AROUND = '.comment-actions, .buttons'; // what errors and panels stand below
  const REFERENCES = ['id', 'for', 'form', 'aria-describedby', 'aria-labelledby'];
  const waiting = new WeakSet(); // what has been pressed and is not answered yet
  const visited = new Set(); // ids of what the links of the history replace
  let shown = location.pathname + location.search;
  let opener = null; // the link that has opened the panel

  const part = (id) => document.getElementById(id);
  const idsOf = (words) => words.split(' ').filter(Boolean);
  const textOf = (element) => element?.textContent.replace(/\s+/g, ' ').trim() ?? '';

  function say(text, isQuiet = false) {
    if (text) document.dispatchEvent(new CustomEvent('say', { detail: { text, isQuiet } }));
  }

  /** {response, parsed} of the server; null when there is none. */
  async function ask(address, options = {}) {
    try {
      const headers = { 'X-In-Place': '1', Accept: 'text/html' };
      const response = await fetch(address, { ...options, headers });
      const parsed = new DOMParser().parseFromString(await response.text(), 'text/html');
      return { response, parsed };
    } catch {
      return null;
    }
  }

  // -- Refusals ------------------------------------------------------------------------------------

  /** Stands beside the control, and is read out (role=alert). */
  function refuse(control, words) {
    part('refusal')?.remove();
    const refusal = document.createElement('p');
    refusal.id = 'refusal';
    refusal.className = 'refusal';
    refusal.setAttribute('role', 'alert');
    refusal.append(...words);
    (control.closest(`${AROUND}, form`) ?? control).after(refusal);
    refusal.scrollIntoView({ block: 'nearest' });
    if (document.activeElement === document.body) control.focus({ preventScroll: true });
  }

  /** What the response says of itself: its refusal, or the heading of its page. */
  function reasonOf(parsed) {
    const refusal = parsed.getElementById('refusal');
    return refusal ? [...refusal.childNodes] : [textOf(parsed.querySelector('h1')) || FAILED];
  }

  // -- Replacing -----------------------------------------------------------------------------------

  /** What somebody has written into other forms than the `sent` one goes into the new ones. */
  function keepWords(here, fresh, sent) {
    const fields = [...here.querySelectorAll('textarea, input:not([type="hidden"])')];
    for (const { form, id, name, value, defaultValue, checked, defaultChecked } of fields) {
      const field = id && fresh.querySelector(`#${CSS.escape(id)}`);
      if (!field || form === sent || /^captcha/.test(name)) continue;
      if (checked !== defaultChecked) field.checked = checked;
      // A reply may begin with a mention.
      else if (value !== defaultValue) field.value = (defaultValue ? '' : field.defaultValue) + value;
    }
  }

  /** An open panel stays open, unless the `sent` form was in it. */
  function keepPanel(panel, sent) {
    const again = [...document.querySelectorAll('a[data-panel]')].find(({ href }) => href === opener?.href);
    if (!panel || panel.isConnected || panel.contains(sent) || !again) return;
    opener = again;
    again.closest(AROUND).after(panel);
  }

  /** What the server has refused and sent back is as little saved as before. */
  function leaveUnsent(fresh) {
    for (const field of fresh.querySelectorAll('textarea')) {
      const { value } = field;
      field.defaultValue = '';
      field.value = value;
    }
  }

  /** Replaces the parts that the response has, and returns them. */
  function replace(ids, parsed, sent = null) {
    const [parts, panel] = [[], part('panel')];
    for (const id of ids) {
      const [here, fresh] = [part(id), parsed.getElementById(id)];
      if (!here || !fresh) continue;
      keepWords(here, fresh, sent);
      here.replaceWith(fresh);
      parts.push(fresh);
    }
    keepPanel(panel, sent);
    if (parts.length) document.dispatchEvent(new Event('parts'));
    return parts;
  }

  /** Where the control is among those of the nearest element with an id, to find it again. */
  function placeOf(control) {
    const around = control.closest('[id]:not(a, button)');
    return { id: around?.id, index: around ? [...around.querySelectorAll(CONTROLS)].indexOf(control) : -1 };
  }

  function focus(element, block = 'nearest') {
    if (!element) return;
    if (!element.matches(CONTROLS)) element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block });
  }

  /** `id`: of the element where the reader goes on; `place`: where they were. */
  function moveFocus(parts, id, place) {
    const within = (selector) => parts.map((each) => each.querySelector(selector)).find(Boolean);
    const named = id ? part(id) : null;
    const around = place.id ? part(place.id) : null;
    const same = around && ([...around.querySelectorAll(CONTROLS)][place.index] ?? around);
    focus(
      within('[aria-invalid="true"]') ||
        within('[role="alert"]') ||
        within('[autofocus]') ||
        (parts.includes(around) && same?.matches('button') && same) || // of a vote
        (named?.matches('form') ? named.querySelector('textarea') : named) ||
        same,
    );
  }

  // -- Forms ---------------------------------------------------------------------------------------

  /** The fields as the browser would send them, with the cookie's token, which is never too old. */
  function fieldsOf(form, button) {
    const fields = new FormData(form);
    if (button?.name) fields.append(button.name, button.value);
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    if (token) fields.set('csrfmiddlewaretoken', token[1]);
    return fields;
  }

  async function send(form, button, ids) {
    const control = button ?? form.querySelector('button:not([type="button"], [formnovalidate])');
    const place = placeOf(control);
    const address = button?.getAttribute('formaction') || form.getAttribute('action') || location.href;
    part('refusal')?.remove();
    const answer = await ask(address, { method: 'POST', body: fieldsOf(form, button) });
    for (const each of form.elements) if (each.type === 'submit') each.disabled = false; // data-once
    if (!answer) return refuse(control, [OFFLINE]);
    const { response, parsed } = answer;
    const isPanel = Boolean(form.closest('#panel'));
    if (isPanel && openPanel(parsed, address)) return;
    const parts = replace(ids, parsed, form);
    if (!parts.length && !(response.ok && isPanel && !ids.length)) {
      if (response.ok && response.redirected) location.assign(response.url);
      else refuse(control, reasonOf(parsed));
      return;
    }
    if (!response.ok) parts.forEach(leaveUnsent);
    if (isPanel) closePanel();
    if (parts.length) moveFocus(parts, response.headers.get('Content-Location')?.split('#')[1], place);
    const messages = [...parsed.querySelectorAll('.messages .message')].map(textOf).join(' ');
    say(messages || textOf(document.activeElement.closest('button')), !messages);
  }

  // -- Links ---------------------------------------------------------------------------------------

  async function follow(link, ids, isHistory) {
    const place = placeOf(link);
    const answer = await ask(link.href);
    if (!answer) return refuse(link, [UNREAD]);
    const parts = answer.response.ok ? replace(ids, answer.parsed) : [];
    if (!parts.length) return location.assign(link.href);
    const id = decodeURIComponent(new URL(link.href).hash.slice(1));
    if (isHistory) {
      history.replaceState({ y: window.scrollY }, '');
      history.pushState({}, '', link.href);
      shown = location.pathname + location.search;
      ids.forEach((each) => visited.add(each));
      document.title = answer.parsed.title;
      if (id) return focus(part(id), 'start');
    }
    moveFocus(parts, id, place);
  }

  window.addEventListener('popstate', async () => {
    const address = location.pathname + location.search;
    if (address === shown) return; // another part of the same page
    shown = address;
    const answer = await ask(location.href);
    if (address !== shown) return; // they have gone on
    if (!answer?.response.ok || !replace(visited, answer.parsed).length) return location.reload();
    document.title = answer.parsed.title;
    window.scrollTo(0, history.state?.y ?? 0);
  });

  // -- Panels --------------------------------------------------------------------------------------

  /** Shows #panel of a page below the link; whether there is one. */
  function openPanel(parsed, address) {
    const panel = parsed.getElementById('panel');
    if (!panel || !opener) return false;
    part('panel')?.remove();
    // Its ids must not be those of the page: both may have a field of the same name.
    for (const each of panel.querySelectorAll(REFERENCES.map((name) => `[${name}]`).join())) {
      for (const name of REFERENCES) {
        const value = each.getAttribute(name);
        if (value) each.setAttribute(name, value.replace(/\S+/g, 'panel-$&'));
      }
    }
    for (const form of [panel, ...panel.querySelectorAll('form')]) {
      if (form.matches('form:not([action])')) form.setAttribute('action', address);
    }
    const heading = panel.querySelector('h1');
    if (heading) {
      const title = document.createElement('h3');
      title.append(...heading.childNodes);
      heading.replaceWith(title);
    }
    panel.dataset.inplace = opener.dataset.panel;
    opener.closest(AROUND).after(panel);
    document.dispatchEvent(new Event('parts'));
    focus(
      panel.querySelector('[aria-invalid="true"], [role="alert"]') ??
        panel.querySelector('textarea, input:not([type="hidden"])') ??
        panel.querySelector('button'),
    );
    panel.scrollIntoView({ block: 'nearest' });
    return true;
  }

  function closePanel() {
    part('panel')?.remove();
    if (opener?.isConnected) focus(opener);
    opener = null;
  }

  async function open(link) {
    closePanel();
    const answer = await ask(link.href);
    if (!answer) return refuse(link, [UNREAD]);
    opener = link;
    if (!answer.response.ok || !openPanel(answer.parsed, link.href)) location.assign(link.href);
  }

  // -- Listening -----------------------------------------------------------------------------------

  /** Runs it once at a time for what has been pressed. */
  async function once(pressed, run) {
    if (waiting.has(pressed)) return;
    waiting.add(pressed);
    pressed.setAttribute('aria-busy', 'true');
    await run().finally(() => {
      waiting.delete(pressed);
      pressed.removeAttribute('aria-busy');
    });
  }

  document.addEventListener('submit', (event) => {
    const [form, button] = [event.target, event.submitter];
    const marked = button?.closest('[data-inplace]') ?? form.closest('[data-inplace]');
    if (event.defaultPrevented || !marked) return;
    event.preventDefault();
    once(marked, () => send(form, button, idsOf(marked.dataset.inplace)));
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || link.target) return;
    const marked = link.closest('[data-inplace]');
    const isCancel = 'cancel' in link.dataset && link.closest('#panel');
    const isPanel = 'panel' in link.dataset;
    if (!isCancel && !isPanel && (!marked || marked.id === 'panel')) return;
    event.preventDefault();
    if (isCancel) closePanel();
    else if (isPanel) once(link, () => open(link));
    else once(link, () => follow(link, idsOf(marked.dataset.inplace), 'history' in marked.dataset));
  });
})();
