"use strict";
// The conversation. State is a list of exchanges kept for this browser tab only, so a reload does not lose it.

(() => {
  const { el, verdict, send, citationItem, errorText, chineseDay } = Minggui;
  const $ = (id) => document.getElementById(id);
  const log = $("log"), intro = $("intro"), form = $("composer"), box = $("question"), day = $("as-of");
  const sendButton = $("send"), restart = $("restart"), status = $("status");
  const KEY = "minggui-conversation", KEPT = 30, CONTEXT = 20;
  const UNKNOWN = "不清楚";
  let exchanges = [];
  let busy = false;

  /** What was said so far, as the next question's context. */
  function context() {
    return exchanges.slice(-CONTEXT).flatMap((exchange) => [
      { role: "user", content: exchange.question },
      { role: "assistant", content: spoken(exchange.answer) },
    ]);
  }

  function spoken(answer) {
    const lines = [answer.answer];
    for (const missing of answer.missing.slice(0, 1)) {
      if (!answer.answer.includes(missing.question)) lines.push(missing.question);
      missing.options.forEach((option, n) => lines.push(`${String.fromCharCode(65 + n)}. ${option}`));
    }
    return lines.join("\n");
  }

  async function ask(text) {
    const question = text.trim();
    if (!question || busy) return;
    setBusy(true);
    closeOptions(question);
    showAsked(question, day.value);
    const waiting = el("div", { class: "card waiting" }, "正在对照已收录的文件");
    log.append(waiting);
    reveal(waiting);
    const asOf = day.value || null;
    try {
      const answer = await send("/v1/ask", { question, context: context(), as_of: asOf, forwardable: true });
      exchanges.push({ question, asOf, answer });
      exchanges = exchanges.slice(-KEPT);
      keep();
      const card = answerCard(answer);
      waiting.replaceWith(card);
      reveal(card.previousElementSibling || card);
      status.textContent = "";
      box.value = "";
      grow();
    } catch (error) {
      waiting.replaceWith(el("div", { class: "card tone-prohibited", role: "alert" },
        el("div", { class: "card-main" }, el("p", null, errorText(error)))));
      box.value = question;
      reopenOptions();
    }
    setBusy(false);
    box.focus({ preventScroll: true });
  }

  function setBusy(value) {
    busy = value;
    sendButton.disabled = value;
    log.setAttribute("aria-busy", String(value));
    if (value) status.textContent = "正在查依据。";
  }

  function showAsked(question, asOf) {
    intro.hidden = true;
    restart.hidden = false;
    log.append(el("p", { class: "asked" },
      el("span", { class: "visually-hidden" }, "您问："), question,
      asOf && el("span", { class: "asked-day" }, `按${chineseDay(asOf)}的规定`)));
  }

  function answerCard(answer) {
    const code = answer.verdict || "none";
    const reasons = answer.reasons.filter((reason) => reason.effect === "decides");
    const warnings = answer.reasons.filter((reason) => reason.effect === "warns");
    const lost = answer.reasons.filter((reason) => reason.effect === "lost");
    const said = [...new Set(Object.values(answer.facts).map((fact) => fact.said).filter(Boolean))];
    return el("article", { class: `card tone-${code}`, "aria-label": "答复" },
      el("div", { class: "card-main" },
        verdict(answer.verdict, answer.verdict_label),
        el("p", { class: "answer-text" }, answer.answer),
        answer.activities.length > 1 && el("ol", { class: "activities" },
          answer.activities.map((activity) => el("li", null, `${activity.text}：${activity.verdict_label}`))),
        answer.missing.slice(0, 1).map((missing) => missingBlock(missing, answer.answer))),
      answer.citations.length > 0 && el("div", { class: "block" }, el("h3", null, "依据（点开看条文）"),
        el("ul", null, answer.citations.map(citationItem))),
      reasons.length > 0 && folded("为什么这样判定", reasons.map((reason) => reason.text)),
      listed("提示", warnings.map((reason) => reason.text)),
      listed("以这些为前提", answer.conditions.slice(0, 3)),
      listed("可以这样改", answer.advice.map((advice) =>
        advice.outcome_label ? `${advice.text.replace(/。$/, "")}（改后：${advice.outcome_label}）` : advice.text)),
      answer.route && listed("谁能办", [answer.route.text]),
      lost.length > 0 && folded("还有哪些规定，为什么没有采用", lost.map((reason) => reason.text)),
      said.length > 0 && folded("从您的话里读到了什么", said.map((words) => `“${words}”`)),
      answer.notices.length > 0 && el("div", { class: "block" },
        answer.notices.map((notice) => el("p", { class: "hint" }, `注：${notice}`))),
      foot(answer));
  }

  function missingBlock(missing, text) {
    const options = missing.options.concat(missing.options.length ? [UNKNOWN] : []);
    return el("div", { class: "missing" },
      !text.includes(missing.question) && el("p", { class: "missing-question" }, missing.question),
      el("div", { class: "options", role: "group", "aria-label": missing.question },
        options.map((option, n) => el("button", { type: "button", "data-option": option, onclick: () => ask(option) },
          option === UNKNOWN ? option : `${String.fromCharCode(65 + n)}. ${option}`))));
  }

  /** A question asked back can be answered once. */
  function closeOptions(chosen) {
    for (const button of log.querySelectorAll("button[data-option]:not(:disabled)")) {
      button.disabled = true;
      button.setAttribute("aria-pressed", String(button.dataset.option === chosen));
    }
  }

  function reopenOptions() {
    const groups = log.querySelectorAll(".options");
    if (!groups.length) return;
    for (const button of groups[groups.length - 1].querySelectorAll("button")) {
      button.disabled = false;
      button.removeAttribute("aria-pressed");
    }
  }

  function listed(heading, rows) {
    return rows.length > 0 && el("div", { class: "block" }, el("h3", null, heading),
      el("ul", { class: "dotted" }, rows.map((row) => el("li", null, row))));
  }

  function folded(heading, rows) {
    return el("details", { class: "block" }, el("summary", null, heading),
      el("ul", { class: "dotted" }, rows.map((row) => el("li", null, row))));
  }

  function foot(answer) {
    const note = el("div", { class: "foot-note", role: "status" });
    const panel = el("div", { class: "foot-panel", hidden: true });
    const copyButton = (tone, name) => answer.forwardable && el("button", {
      type: "button", onclick: () => showReply(panel, note, answer.forwardable[tone], name),
    }, `复制：${name}`);
    return el("footer", { class: "card-foot" },
      answer.as_of && el("span", { class: "as-of" }, `截至 ${chineseDay(answer.as_of)}`),
      copyButton("up", "报领导"), copyButton("across", "回部门"), rightOrWrong(answer, panel, note), panel, note);
  }

  async function showReply(panel, note, text, name) {
    const area = el("textarea", { rows: 5, readonly: true, "aria-label": `转发短文：${name}` });
    area.value = text;
    panel.replaceChildren(area);
    panel.hidden = false;
    area.select();
    let copied = false;
    try {
      await navigator.clipboard.writeText(text);
      copied = true;
    } catch {
      copied = document.execCommand("copy"); // plain http on an office network has no clipboard API
    }
    note.textContent = copied ? `已复制“${name}”短文，共 ${Array.from(text).length} 字。` : "请选中上面的文字，自行复制。";
    note.scrollIntoView({ block: "nearest" });
  }

  function rightOrWrong(answer, panel, note) {
    const buttons = {};
    async function tell(right, comment) {
      try {
        await send("/v1/feedback", { answer_id: answer.answer_id, right, comment });
        note.textContent = "已记录，谢谢。";
        panel.hidden = true;
        for (const [value, button] of Object.entries(buttons)) {
          button.setAttribute("aria-pressed", String(value === String(right)));
        }
      } catch (error) {
        note.textContent = errorText(error);
      }
    }
    function askWhy() {
      const comment = el("textarea", { rows: 2, maxlength: 2000, "aria-label": "哪里不对（可不填）", placeholder: "哪里不对？（可不填，勿写个人信息）" });
      panel.replaceChildren(comment, el("div", { class: "buttons" },
        el("button", { type: "button", onclick: () => tell(false, comment.value) }, "提交")));
      panel.hidden = false;
      panel.scrollIntoView({ block: "nearest" });
      comment.focus({ preventScroll: true });
    }
    buttons.true = el("button", { type: "button", "aria-pressed": "false", onclick: () => tell(true, "") }, "对");
    buttons.false = el("button", { type: "button", "aria-pressed": "false", onclick: askWhy }, "不对");
    return el("span", { class: "right-wrong", role: "group", "aria-label": "这条答得对不对" }, "答得", buttons.true, buttons.false);
  }

  function keep() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(exchanges));
    } catch {
      // storage full or forbidden: the conversation then lives only as long as the page
    }
  }

  function restore() {
    try {
      exchanges = JSON.parse(sessionStorage.getItem(KEY) || "[]");
    } catch {
      exchanges = [];
    }
    exchanges.forEach((exchange, n) => {
      showAsked(exchange.question, exchange.asOf);
      log.append(answerCard(exchange.answer));
      if (n < exchanges.length - 1) closeOptions(exchanges[n + 1].question);
    });
  }

  function reveal(node) {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    node.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
  }

  function grow() {
    box.rows = Math.min(8, Math.max(2, box.value.split("\n").length, Math.ceil(box.value.length / 40)));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(box.value);
  });
  box.addEventListener("keydown", (event) => {
    // Enter that confirms a word of an input method is not a wish to send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      ask(box.value);
    }
  });
  box.addEventListener("input", grow);
  restart.addEventListener("click", () => {
    exchanges = [];
    keep();
    log.replaceChildren();
    intro.hidden = false;
    restart.hidden = true;
    box.value = "";
    box.focus();
  });
  for (const example of intro.querySelectorAll(".example")) {
    example.addEventListener("click", () => ask(example.textContent));
  }
  restore();
})();
