/*
 * Cleans what is pasted into the editor from Word, 한글, Excel and web pages.
 * Gives `window.editorPaste` = { clean }: a pure function from HTML to HTML.
 *
 * Stay: bold, italic, underline, strike, colours, sizes, alignment, headings, lists, tables, links,
 * pictures. Go: styles of the word processor, fonts, widths, classes, ids, comments, empty spans.
 * The server cleans anyway (boardsite.text.richtext); nothing here is a safeguard.
 */
(function () {
  'use strict';

  const GONE = 'script,style,meta,link,title,xml,head,object,embed,form,input,button,select,svg,noscript,template';
  const ATTRIBUTES = {
    a: ['href'],
    img: ['src', 'alt'],
    iframe: ['src', 'width', 'height'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
    ol: ['start'],
    details: ['open'],
  };
  const PLAIN = /^(?:normal|none|start|left|baseline|auto|inherit|initial|transparent|0|400|windowtext|black|white)$/;
  const INK = /^(?:#000(?:000)?|#fff(?:fff)?|rgba?\(0, 0, 0(?:, [01](?:\.\d+)?)?\)|rgba?\(255, 255, 255(?:, [01])?\))$/;

  // What stays of a style, and as which element where there is one.
  const isBold = (value) => /^(?:bold|bolder|[6-9]00)$/.test(value);
  const KEPT = ['color', 'background-color', 'font-size', 'text-align'];
  const BLOCKS = /^(?:P|DIV|H[1-6]|LI|TD|TH|BLOCKQUOTE|UL|OL|TABLE)$/;
  const USUAL_SIZE = /^(?:10(?:\.\d+)?pt|1[3-7](?:\.\d+)?px|11(?:\.\d+)?pt|12(?:\.0)?pt|medium|1r?em|100%)$/;

  function keptStyle(element) {
    const style = element.style;
    const kept = [];
    for (const name of KEPT) {
      const value = style.getPropertyValue(name).trim().toLowerCase();
      if (!value || PLAIN.test(value) || /var\(|calc\(/.test(value)) continue;
      if (/color/.test(name) && INK.test(value)) continue; // comes with every paste, wrong at night
      if (name === 'font-size' && USUAL_SIZE.test(value)) continue;
      if (name === 'text-align' && !BLOCKS.test(element.nodeName)) continue;
      kept.push(`${name}: ${value}`);
    }
    return kept.join('; ');
  }

  /** Elements that say what the style said: <b>, <i>, <u>, <s>. */
  function marksOf(element) {
    const style = element.style;
    const line = style.textDecoration + ' ' + style.textDecorationLine;
    return [
      isBold(style.fontWeight) && 'b',
      style.fontStyle === 'italic' && 'i',
      /underline/.test(line) && element.nodeName !== 'A' && 'u',
      /line-through/.test(line) && 's',
    ].filter(Boolean);
  }

  const unwrap = (element) => element.replaceWith(...element.childNodes);

  function wrapContents(element, name) {
    const mark = element.ownerDocument.createElement(name);
    mark.append(...element.childNodes);
    element.append(mark);
  }

  // -- Lists that Word writes as paragraphs --------------------------------------------------------

  const listLevel = (p) => Number(/mso-list:[^;]*\blevel(\d)/.exec(p.getAttribute('style') || '')?.[1] || 0);

  /** Takes the bullet that Word wrote as text out of a paragraph, and returns it. */
  function takeBullet(p) {
    const bullet = [...p.querySelectorAll('span')].find((span) =>
      /mso-list:\s*ignore/i.test(span.getAttribute('style') || ''));
    const text = bullet ? bullet.textContent : '';
    bullet?.remove();
    return text.trim();
  }

  function makeLists(body) {
    let lists = []; // open lists, the outermost first
    let last = null;
    for (const p of [...body.querySelectorAll('p')]) {
      const level = listLevel(p);
      if (!level) continue;
      if (last === null || p.previousElementSibling !== last) lists = [];
      const kind = /^\(?[0-9a-z가-힣]{1,3}[.)]/i.test(takeBullet(p)) ? 'ol' : 'ul';
      lists.length = Math.min(lists.length, level);
      while (lists.length < level) {
        const list = body.ownerDocument.createElement(kind);
        const above = lists.at(-1);
        if (!above) p.before(list);
        else (above.lastElementChild || above).append(list);
        lists.push(list);
      }
      const item = body.ownerDocument.createElement('li');
      item.append(...p.childNodes);
      lists.at(-1).append(item);
      p.remove();
      last = lists[0];
    }
  }

  // -- Cleaning ------------------------------------------------------------------------------------

  function cleanElement(element) {
    const name = element.nodeName.toLowerCase();
    if (name.includes(':')) return unwrap(element); // o:p, w:sdt, v:shape
    const marks = marksOf(element);
    const style = keptStyle(element);
    // Google's documents are wrapped in a <b> that says it is none.
    const isFalseBold = /^(?:b|strong)$/.test(name) && /^(?:normal|400)$/.test(element.style.fontWeight);
    const colour = name === 'font' ? element.getAttribute('color') : null;
    for (const { name: attribute } of [...element.attributes]) {
      if (!ATTRIBUTES[name]?.includes(attribute)) element.removeAttribute(attribute);
    }
    if (style) element.setAttribute('style', style);
    if (colour && !INK.test(colour.toLowerCase()) && !PLAIN.test(colour)) element.setAttribute('color', colour);
    if (!/^(?:h[1-6]|table|tr|tbody|thead|ul|ol)$/.test(name)) marks.forEach((mark) => wrapContents(element, mark));
    const isBare = !element.attributes.length;
    if (isFalseBold || (isBare && /^(?:span|font)$/.test(name))) unwrap(element);
    else if (name === 'a' && !element.hasAttribute('href')) unwrap(element);
    else if (/^(?:section|article|main|header|footer|nav|aside|center)$/.test(name)) renamed(element, 'div');
    else if (name === 'h1') renamed(element, 'h2');
    else if (/^(?:colgroup|col)$/.test(name)) element.remove();
  }

  function renamed(element, name) {
    const other = element.ownerDocument.createElement(name);
    other.append(...element.childNodes);
    if (element.hasAttribute('style')) other.setAttribute('style', element.getAttribute('style'));
    element.replaceWith(other);
  }

  function dropEmpty(body) {
    const inline = 'span,font,b,strong,i,em,u,s,a,sup,sub';
    for (const element of [...body.querySelectorAll(inline)].reverse()) {
      if (!element.textContent && !element.querySelector('img,br,iframe,video')) element.remove();
    }
    let blanks = 0; // an empty line stays one, however many Word had
    for (const p of body.querySelectorAll('p')) {
      const isBlank = !p.textContent.trim() && !p.querySelector('img,iframe,table,video');
      blanks = isBlank ? blanks + 1 : 0;
      if (isBlank && blanks > 1) p.remove();
    }
  }

  function dropComments(body) {
    const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
    const comments = [];
    while (walker.nextNode()) comments.push(walker.currentNode);
    for (const comment of comments) comment.remove();
  }

  /** The part of a clipboard's HTML that is worth keeping. */
  function clean(html) {
    const whole = html.replace(/^[\s\S]*<!--StartFragment-->|<!--EndFragment-->[\s\S]*$/g, '');
    const rows = /^\s*(?:<col[\s\S]*?>\s*)*<t(?:r|d|head|body)\b/i.test(whole); // Excel, cut within its table
    const source = rows ? html : whole;
    const body = new DOMParser().parseFromString(source, 'text/html').body;
    dropComments(body);
    makeLists(body);
    for (const element of body.querySelectorAll(GONE)) element.remove();
    for (const picture of body.querySelectorAll('img[src^="file:"],img:not([src])')) picture.remove();
    for (const element of [...body.querySelectorAll('*')].reverse()) cleanElement(element);
    dropEmpty(body);
    return body.innerHTML.replace(/\s*\n\s*/g, ' ').trim();
  }

  window.editorPaste = { clean };
})();
