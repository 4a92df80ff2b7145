// What of the part that `within` names cannot be read or reached, each with what is in the way.
(within) => {
  const root = document.querySelector('city-twin')?.shadowRoot ?? document;
  const part = root.querySelector(within);
  const lost = [];
  const name = (each) => `${each.tagName.toLowerCase()}.${each.className?.baseVal ?? each.className}`;
  // Said to those who hear the page; standing in the scene, where the list says the same; wide tables scroll by themselves.
  const apart = (each) => each.closest('.unseen, .marks, .walk, svg, [hidden]') || each.matches('.moment .quiet, .table *');
  const shown = (each) => each.checkVisibility({ visibilityProperty: true }) && !apart(each);
  for (const each of [document.documentElement, ...root.querySelectorAll('.whole, .sheet')])
    if (each.scrollWidth > each.clientWidth + 1) lost.push(`${name(each)} scrolls sideways: ${each.scrollWidth} px`);
  const scrollers = [...root.querySelectorAll('*')].map((each) => [each, each.scrollTop]);
  const reaches = (x, y, each) => {
    const hit = root.elementFromPoint(x, y);
    return hit && (each.contains(hit) || hit.contains(each)) ? null : hit ? name(hit) : 'nothing';
  };
  // Into the middle of whatever scrolls around it, line by line: a paragraph may be longer than the window.
  const bring = (each, boxOf) => {
    for (let up = each; up; up = up.parentElement ?? (up.getRootNode() === document ? null : document.documentElement)) {
      const all = up === document.documentElement;
      if (up.scrollHeight <= up.clientHeight || (!all && !/auto|scroll/.test(getComputedStyle(up).overflowY))) continue;
      const [box, around] = [boxOf(), all ? { top: 0, height: innerHeight } : up.getBoundingClientRect()];
      if (box) up.scrollTop += box.top + box.height / 2 - around.top - around.height / 2;
    }
    return boxOf();
  };
  const look = (each, box, said) => {
    if (!box || box.width < 2 || box.height < 2) return;
    if (box.left < -1 || box.right > innerWidth + 1) return lost.push(`${said} stands outside: ${box.left.toFixed()} to ${box.right.toFixed()}`);
    for (const part of [0.1, 0.5, 0.9]) {
      const over = reaches(box.left + box.width * part, box.top + box.height / 2, each);
      if (over) return lost.push(`${said} is covered by ${over}`);
    }
  };
  const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const each = text.parentElement;
    if (!text.data.trim() || !each || /^(STYLE|SCRIPT|OPTION|TITLE)$/.test(each.tagName) || !shown(each)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const said = `"${text.data.trim().slice(0, 40)}" in ${name(each)}`;
    const folded = each.closest('details:not([open]) > summary'); // sources: two lines, and whole once unfolded
    const lines = folded ? 0 : range.getClientRects().length;
    for (let i = 0; i < lines; i++) look(each, bring(each, () => range.getClientRects()[i]), said);
    for (let up = each; up && up !== root; up = up.parentElement) {
      const style = getComputedStyle(up);
      const cut = (up.scrollWidth > up.clientWidth + 1 && /hidden|clip/.test(style.overflowX)) ||
        (up.scrollHeight > up.clientHeight + 1 && /hidden|clip/.test(style.overflowY));
      if (cut && up.clientWidth > 0 && !folded) { lost.push(`${said} is cut off by ${name(up)}`); break; }
    }
  }
  for (const each of part.querySelectorAll('button, a, input, select, summary')) {
    if (!shown(each) || each.closest('details:not([open])') && each.tagName !== 'SUMMARY') continue;
    const box = bring(each, () => each.getBoundingClientRect());
    look(each, box, `${name(each)} ${each.getAttribute('aria-label') ?? each.textContent.trim().slice(0, 30)}`);
  }
  for (const [each, top] of scrollers) each.scrollTop = top;
  return [...new Set(lost)];
}
