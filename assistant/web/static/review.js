"use strict";
// Pre-checking a notice: the text with what was found marked in it, and beside it why and how to mend it.

(() => {
  const { el, verdict, send, citationItem, errorText, chineseDay } = Minggui;
  const $ = (id) => document.getElementById(id);
  const form = $("notice-form"), text = $("notice"), file = $("file"), organizer = $("organizer");
  const button = $("check"), status = $("status"), result = $("result");
  const ORDER = ["must_not", "must_fix", "advise"];

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = file.files[0];
    if (!chosen && !text.value.trim()) {
      say("请粘贴正文，或选择一个文件。", true);
      text.focus();
      return;
    }
    button.disabled = true;
    say("正在逐句对照……");
    try {
      show(await send("/v1/reviews", chosen ? uploaded(chosen) : { text: text.value, organizer: organizer.value }));
      say("");
    } catch (error) {
      result.hidden = true;
      say(errorText(error), true);
    }
    button.disabled = false;
  });

  function uploaded(chosen) {
    const body = new FormData();
    body.append("file", chosen);
    body.append("organizer", organizer.value);
    return body;
  }

  function say(words, bad) {
    status.textContent = words;
    status.classList.toggle("bad", Boolean(bad));
  }

  function show(review) {
    const found = review.findings;
    const counts = ORDER.map((severity) => found.filter((finding) => finding.severity === severity))
      .filter((rows) => rows.length).map((rows) => `${rows[0].severity_label} ${rows.length} 处`);
    result.replaceChildren(
      el("div", { class: `summary tone-${review.verdict || "none"}` },
        verdict(review.verdict, review.verdict_label),
        el("p", null, found.length
          ? `共查到 ${found.length} 处：${counts.join("、")}。建议改好再印发。`
          : "未查到需要修改之处。预检只对照已收录的文件，不能代替审核和报批。"),
        review.as_of && el("span", { class: "hint" }, `截至 ${chineseDay(review.as_of)}`)),
      el("div", { class: "sheet", tabindex: "0", role: "region", "aria-label": "标注后的正文" }, el("h2", null, "正文"), marked(review.text, found)),
      el("div", { class: "found" }, el("h2", null, "问题与改法"), found.map(findingItem),
        !found.length && el("p", { class: "hint" }, "没有需要列出的问题。")));
    result.hidden = false;
    result.scrollIntoView({ block: "start" });
  }

  function findingItem(finding, n) {
    const words = finding.span.trim();
    return el("section", { class: `finding severity-${finding.severity}`, id: `finding-${n + 1}` },
      el("p", { class: "finding-head" },
        el("span", { class: "severity" }, `${n + 1} ${finding.severity_label}`),
        el("span", { class: "finding-span" }, words
          ? el("a", { href: `#mark-${n + 1}` }, words.length > 60 ? words.slice(0, 60) + "……" : words) : "全文")),
      el("p", null, finding.message),
      finding.advice && el("p", { class: "advice" }, `怎么改：${finding.advice}`),
      finding.citations.length > 0 && el("ul", null, finding.citations.map(citationItem)));
  }

  /** The text cut where findings begin and end. Offsets count code points, so the text is cut as code points. */
  function marked(whole, found) {
    const points = Array.from(whole);
    const cuts = new Set([0, points.length]);
    for (const finding of found) cuts.add(finding.start).add(finding.end);
    const places = [...cuts].filter((cut) => cut >= 0 && cut <= points.length).sort((a, b) => a - b);
    const begun = new Set();
    return places.slice(0, -1).map((start, n) => {
      const piece = points.slice(start, places[n + 1]).join("");
      const over = found.map((finding, index) => ({ finding, number: index + 1 }))
        .filter(({ finding }) => finding.start <= start && finding.end > start);
      if (!over.length) return piece;
      const severity = ORDER.find((name) => over.some(({ finding }) => finding.severity === name));
      const first = over.filter(({ number }) => !begun.has(number));
      first.forEach(({ number }) => begun.add(number));
      return el("mark", { class: `severity-${severity}` },
        first.map(({ number }) => el("a", { id: `mark-${number}`, href: `#finding-${number}`, "aria-label": `第 ${number} 处问题` }, String(number))),
        piece);
    });
  }
})();
