/*
 * Pictures and videos for the editor (see editor.js): uploading, choosing, and players.
 * Gives `window.editorMedia` = { uploader, addButtons, playerOf, insertPlayer, playerPasted }.
 */
(function () {
  'use strict';

  // -- Pictures ------------------------------------------------------------------------------------

  const FAILURES = {
    401: '로그인한 뒤 다시 해 주세요.',
    403: '올릴 권한이 없거나 로그인이 풀렸습니다.',
    413: '사진이 너무 큽니다.',
    429: '잠시 후 다시 해 주세요.',
  };

  /** What HugeRTE calls to post a picture. Resolves to its address; a refused picture is removed. */
  function uploader(form, url) {
    // While the server is busy with others' pictures (503), the picture is sent again.
    const upload = (picture, progress, retries) => new Promise((resolve, reject) => {
      const refuse = (message) => reject({ message: message, remove: true });
      const request = new XMLHttpRequest(); // fetch() cannot tell how much has been sent
      request.open('POST', url);
      request.setRequestHeader('Accept', 'application/json');
      request.setRequestHeader('X-CSRFToken', form.elements.csrfmiddlewaretoken.value);
      request.upload.onprogress = (e) => e.lengthComputable && progress((e.loaded / e.total) * 100);
      request.onerror = () => refuse('연결이 끊겼습니다. 다시 해 주세요.');
      request.onload = () => {
        let answer = {};
        try {
          answer = JSON.parse(request.responseText) || {};
        } catch {
          // not from our view: a proxy's page, or the login page
        }
        if (request.status === 503 && answer.message && retries) {
          const seconds = Number(request.getResponseHeader('Retry-After')) || 2;
          setTimeout(() => resolve(upload(picture, progress, retries - 1)), seconds * 1000);
          return;
        }
        if (request.status < 300 && answer.location) resolve(answer.location);
        else refuse(answer.message || FAILURES[request.status] || '잠시 후 다시 해 주세요.');
      };
      const data = new FormData();
      data.append('file', picture.blob(), picture.filename());
      request.send(data);
    });
    return (picture, progress) => upload(picture, progress, 5);
  }

  /** Puts chosen files into the text at once; they show while they are being uploaded. */
  async function insertPictures(ed, files) {
    const cache = ed.editorUpload.blobCache;
    const parts = [];
    for (const file of files) {
      const address = await new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = reject;
        reader.readAsDataURL(file);
      });
      const id = 'picture' + Date.now() + parts.length;
      const picture = cache.create(id, file, address.split(',')[1], undefined, file.name);
      cache.add(picture);
      parts.push('<p><img src="' + picture.blobUri() + '" alt=""></p>');
    }
    ed.insertContent(parts.join(''));
    ed.uploadImages();
  }

  function choosePictures(ed) {
    const input = document.createElement('input');
    const accept = ed.getElement().dataset.pictures;
    Object.assign(input, { type: 'file', accept, multiple: true });
    input.onchange = () => insertPictures(ed, input.files);
    input.click();
  }

  // -- Videos --------------------------------------------------------------------------------------

  // Address of a film's page → address of its player. The server lets the same players through.
  const PLAYERS = [
    [/^(?:www\.|m\.)?youtube\.com\/(?:watch\?(?:.*&)?v=|shorts\/|live\/|embed\/)([\w-]{11})/, 'www.youtube.com/embed/'],
    [/^youtu\.be\/([\w-]{11})/, 'www.youtube.com/embed/'],
    [/^(?:player\.|www\.)?vimeo\.com\/(?:video\/)?(\d+)/, 'player.vimeo.com/video/'],
    [/^(?:m\.)?tv\.naver\.com\/(?:v|embed)\/(\d+)/, 'tv.naver.com/embed/'],
    [/^(?:play-)?tv\.kakao\.com\/(?:.*\/)?(?:v|cliplink)\/(\d+)/, 'tv.kakao.com/embed/player/cliplink/'],
  ];

  /** Where a YouTube film begins: of `90`, `90s`, `1m30s`, `1h2m3s`. */
  function startOf(bare) {
    const time = /[?&](?:t|start)=(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,6})s?)?(?:[&#]|$)/.exec(bare);
    const [hours, minutes, seconds] = time ? time.slice(1).map((part) => Number(part || 0)) : [0, 0, 0];
    return hours * 3600 + minutes * 60 + seconds;
  }

  /** The player's address for a page's address, or '' when we know no player for it. */
  function playerOf(address) {
    const bare = address.trim().replace(/^https?:\/\//i, '');
    for (const [page, player] of PLAYERS) {
      const match = page.exec(bare);
      if (!match) continue;
      const start = player.startsWith('www.youtube') && startOf(bare);
      return 'https://' + player + match[1] + (start ? `?start=${start}` : '');
    }
    return '';
  }

  const playerHtml = (player) =>
    `<p><iframe src="${player}" width="640" height="360" allowfullscreen></iframe></p>`;

  /** Puts a player where the caret is, and the caret on the line below it. */
  function insertPlayer(ed, player) {
    ed.insertContent(playerHtml(player));
    const block = ed.dom.getParent(ed.selection.getStart(), 'p') || ed.getBody().lastElementChild;
    const next = block.nextElementSibling;
    if (block.querySelector('iframe') && next) ed.selection.setCursorLocation(next, 0);
  }

  /** A player's HTML when nothing but the address of a film is pasted into an empty line, or ''. */
  function playerPasted(ed, html) {
    const block = ed.dom.getParent(ed.selection.getStart(), ed.dom.isBlock);
    if (block?.nodeName !== 'P' || !ed.dom.isEmpty(block) || /<(?:img|iframe|table)\b/i.test(html)) return '';
    const address = new DOMParser().parseFromString(html, 'text/html').body.textContent.trim();
    const player = /^https?:\/\/\S+$/i.test(address) && playerOf(address);
    return player ? playerHtml(player) : '';
  }

  function askForVideo(ed) {
    ed.windowManager.open({
      title: '동영상 넣기',
      body: {
        type: 'panel',
        items: [{ type: 'input', name: 'address', label: '동영상 주소 (유튜브·네이버TV·카카오TV·비메오)' }],
      },
      initialData: { address: '' },
      buttons: [
        { type: 'cancel', text: '취소' },
        { type: 'submit', text: '넣기', buttonType: 'primary' },
      ],
      onSubmit: (dialog) => {
        const player = playerOf(dialog.getData().address);
        if (!player) {
          ed.windowManager.alert('넣을 수 없는 주소입니다. 동영상 페이지의 주소를 확인해 주세요.');
          return;
        }
        dialog.close();
        insertPlayer(ed, player);
      },
    });
  }

  // -- Folded text ---------------------------------------------------------------------------------

  /** What is selected (or an empty line) behind a line that opens it; the line is there to be changed. */
  function insertFold(ed) {
    const inside = ed.selection.getContent() || '<br>';
    const body = /^\s*<(?:p|div|ul|ol|h\d|table|blockquote|pre)\b/i.test(inside) ? inside : `<p>${inside}</p>`;
    ed.insertContent(`<details open="open"><summary>접은 글</summary>${body}</details><p><br></p>`);
  }

  // -- Buttons -------------------------------------------------------------------------------------

  /** Buttons `picture`, `video` and `fold`, and a small toolbar beside a picture that is selected. */
  function addButtons(ed) {
    ed.ui.registry.addButton('picture', {
      icon: 'image',
      tooltip: '사진 넣기',
      onAction: () => choosePictures(ed),
    });
    ed.ui.registry.addButton('video', {
      icon: 'embed',
      tooltip: '동영상 넣기',
      onAction: () => askForVideo(ed),
    });
    ed.ui.registry.addButton('fold', {
      icon: 'chevron-down',
      tooltip: '접은 글',
      onAction: () => insertFold(ed),
    });
    ed.ui.registry.addContextToolbar('picture', {
      predicate: (node) => node.nodeName === 'IMG' && !node.hasAttribute('data-mce-object'),
      items: 'alignleft aligncenter alignright | image',
      position: 'node',
      scope: 'node',
    });
  }

  window.editorMedia = { uploader, addButtons, playerOf, insertPlayer, playerPasted };
})();
