/*
 * Attachments go up while one writes. Without this file the field is a plain file input that sends
 * its files with the form.
 *
 *   <div data-attachments data-upload-url="…" data-max-count="5" data-endings=".jpg,.png">
 *     <ul class="files"> …what is there already, with boxes `removed_files` and `kept_files`… </ul>
 *     <input type="file" multiple data-max-bytes="…">
 *
 * Files that are chosen or dropped are sent one after the other; what the server has kept is in the
 * form as <input type="hidden" name="kept_files">. An `input` event tells the form (and its draft) of
 * each change. The server counts and checks again; nothing here is a safeguard.
 */
(function () {
  'use strict';

  const field = document.querySelector('[data-attachments]');
  const input = field && field.querySelector('input[type=file]');
  if (!input) return;

  const form = input.form;
  const { uploadUrl } = field.dataset;
  const maxCount = Number(field.dataset.maxCount);
  const maxBytes = Number(input.dataset.maxBytes);
  const endings = field.dataset.endings ? field.dataset.endings.split(',') : [];
  const FAILURES = {
    401: '로그인한 뒤 다시 해 주세요.',
    403: '올릴 권한이 없거나 로그인이 풀렸습니다.',
    413: '파일이 너무 큽니다.',
    429: '잠시 후 다시 해 주세요.',
  };

  const queue = []; // rows whose files have not been sent yet
  let running = null; // the row whose file is on its way
  let waiting = null; // { button }: the form was to be sent meanwhile

  // -- The list ------------------------------------------------------------------------------------

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  const list = field.querySelector('.files') || element('ul', { className: 'files' });
  if (!list.isConnected) field.querySelector('label').after(list);
  const voice = element('p', { className: 'visually-hidden' });
  voice.setAttribute('role', 'status');
  field.append(voice);

  const tell = () => form.dispatchEvent(new Event('input', { bubbles: true }));

  function count() {
    const kept = [...form.elements].filter(
      (each) => each.name === 'kept_files' && (each.type === 'hidden' || each.checked),
    );
    const old = [...form.elements].filter((each) => each.name === 'removed_files' && !each.checked);
    return kept.length + old.length + queue.length + (running ? 1 : 0);
  }

  /** 1,234,567 bytes → 1.2 MB */
  function size(bytes) {
    if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
    return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  }

  function addRow(file) {
    const name = file.name.normalize('NFC');
    const bar = element('progress', { max: 100, value: 0 });
    bar.setAttribute('aria-label', `${name} 올리는 중`);
    const state = element('span', { className: 'state muted', textContent: '기다리는 중' });
    const button = element('button', { type: 'button', className: 'button small', textContent: '취소' });
    button.setAttribute('aria-label', `${name} 취소`);
    const words = element('span', { className: 'name' }, `${name} `);
    words.append(element('span', { className: 'muted', textContent: size(file.size) }));
    const row = { file, name, bar, state, button, request: null };
    row.item = element('li', { className: 'upload' }, words, bar, state, button);
    button.addEventListener('click', () => remove(row));
    list.append(row.item);
    return row;
  }

  function remove(row) {
    const place = queue.indexOf(row);
    if (place >= 0) queue.splice(place, 1);
    if (row.request) row.request.abort();
    const next = row.item.nextElementSibling?.querySelector('button') || input;
    row.item.remove();
    next.focus();
    voice.textContent = `${row.name} 지웠습니다.`;
    tell();
  }

  function refuse(row, message) {
    row.bar.remove();
    row.item.classList.add('is-refused');
    row.state.className = 'state error';
    row.state.textContent = message;
    row.button.textContent = '닫기';
    row.button.setAttribute('aria-label', `${row.name} 닫기`);
    voice.textContent = `${row.name}: ${message}`;
    waiting = null; // what is missing must be seen before the form is sent
  }

  function keep(row, answer) {
    row.bar.remove();
    row.state.remove();
    row.item.className = '';
    row.button.textContent = '삭제';
    row.button.setAttribute('aria-label', `${answer.name} 삭제`);
    row.item.querySelector('.name').firstChild.data = `${answer.name} `;
    row.item.querySelector('.name .muted').textContent = answer.size;
    if (answer.thumb) {
      row.item.prepend(element('img', { src: answer.thumb, width: 48, height: 36, alt: '' }));
    }
    row.item.append(element('input', { type: 'hidden', name: 'kept_files', value: answer.id }));
    if ('describes' in field.dataset) {
      const words = element('input', {
        className: 'describe',
        name: `file_description_${answer.id}`,
        maxLength: 200,
        placeholder: '파일 설명',
      });
      words.setAttribute('aria-label', `${answer.name} 설명`);
      row.item.append(words);
    }
    voice.textContent = `${answer.name} 올렸습니다.`;
    tell();
  }

  // -- Sending -------------------------------------------------------------------------------------

  function problemOf(file) {
    const name = file.name.toLowerCase();
    if (count() >= maxCount) return `파일은 ${maxCount}개까지 붙일 수 있습니다.`;
    if (!file.size) return '빈 파일입니다. 다른 파일을 골라 주세요.';
    if (file.size > maxBytes) return `파일이 너무 큽니다. ${maxBytes / 1024 / 1024}MB까지 올릴 수 있습니다.`;
    if (endings.length && !endings.some((ending) => name.endsWith(ending))) {
      return `이 게시판은 ${endings.join(', ')} 파일만 받습니다.`;
    }
    return '';
  }

  function take(files) {
    for (const file of files) {
      const problem = problemOf(file);
      const row = addRow(file);
      if (problem) refuse(row, problem);
      else queue.push(row);
    }
    sendNext();
  }

  /** Sends a file. While the server is busy with others' pictures (503), it is sent again. */
  function send(row, retries = 5) {
    return new Promise((resolve) => {
      const request = (row.request = new XMLHttpRequest()); // fetch() cannot tell how much was sent
      request.open('POST', uploadUrl);
      request.setRequestHeader('Accept', 'application/json');
      request.setRequestHeader('X-CSRFToken', form.elements.csrfmiddlewaretoken.value);
      request.upload.onprogress = (event) => {
        if (!event.lengthComputable) return;
        const share = Math.floor((event.loaded / event.total) * 100);
        row.bar.value = share;
        row.state.textContent = share < 100 ? `${share}%` : '확인하는 중';
      };
      request.onabort = resolve;
      request.onerror = () => resolve(refuse(row, '연결이 끊겼습니다. 다시 해 주세요.'));
      request.onload = () => {
        let answer = {};
        try {
          answer = JSON.parse(request.responseText) || {};
        } catch {
          // not from our view: a proxy's page, or the login page
        }
        if (request.status === 503 && answer.message && retries) {
          const seconds = Number(request.getResponseHeader('Retry-After')) || 2;
          row.state.textContent = '기다리는 중';
          const again = () => (row.item.isConnected ? send(row, retries - 1) : null);
          setTimeout(() => resolve(again()), seconds * 1000);
          return;
        }
        if (request.status < 300 && answer.id) keep(row, answer);
        else refuse(row, answer.message || FAILURES[request.status] || '잠시 후 다시 해 주세요.');
        resolve();
      };
      const data = new FormData();
      data.append('file', row.file, row.name);
      request.send(data);
    });
  }

  async function sendNext() {
    if (running) return;
    while ((running = queue.shift())) {
      await send(running);
      running.request = null;
    }
    if (!waiting) return;
    const { button } = waiting;
    waiting = null;
    form.requestSubmit(button);
  }

  // -- The form ------------------------------------------------------------------------------------

  input.removeAttribute('name'); // its files are sent from here
  input.addEventListener('change', (event) => {
    event.stopPropagation(); // each file is answered for in the list
    const files = [...input.files];
    input.value = '';
    take(files);
  });

  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files');
  for (const name of ['dragenter', 'dragover']) {
    field.addEventListener(name, (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      field.classList.add('is-over');
    });
  }
  field.addEventListener('dragleave', (event) => {
    if (!field.contains(event.relatedTarget)) field.classList.remove('is-over');
  });
  field.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    field.classList.remove('is-over');
    take(event.dataTransfer.files);
  });

  // Before other listeners of the form: they must know that it is held back.
  window.addEventListener('submit', (event) => {
    if (event.target !== form || !running) return;
    event.preventDefault();
    event.stopPropagation();
    waiting = { button: event.submitter };
    voice.textContent = '파일을 다 올린 뒤 보냅니다.';
    running.item.scrollIntoView({ block: 'nearest' });
  }, true);
  window.addEventListener('beforeunload', (event) => {
    if (!running) return;
    event.preventDefault();
    event.returnValue = true; // what Chromium before 119 asks for
  });
})();
