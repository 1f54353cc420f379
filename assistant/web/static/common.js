"use strict";
// Shared by the pages: building elements without HTML strings, calling /v1, citations. Text is only ever textContent.

const Minggui = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  /** el("p", {class: "x", onclick: f}, "text", child): falsy children are left out. */
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
    return node;
  }

  function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
  }

  function verdict(code, label) {
    return label && el("p", { class: "verdict" }, icon(code || "none"), label);
  }

  /** POST JSON or a form; the reply, or an Error with `hint` in the words of the server. */
  async function send(address, body) {
    const form = body instanceof FormData;
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        headers: form ? {} : { "Content-Type": "application/json" },
        body: form ? body : JSON.stringify(body),
      });
    } catch {
      throw Object.assign(new Error("没有连上服务。"), { hint: "请检查网络，稍后再试。" });
    }
    if (response.status === 204) return null;
    const reply = await response.json().catch(() => ({}));
    if (response.ok) return reply;
    const error = reply.error || { message: "服务没有答复。", hint: "请稍后再试。" };
    throw Object.assign(new Error(error.message), { hint: error.hint });
  }

  /** The page of a cited provision; assistant/web/addresses.py builds the same. */
  function citationAddress(citation) {
    const page = "/documents/" + citation.document_id.split("/").map(encodeURIComponent).join("/");
    const place = citation.provision_id.slice(citation.document_id.length + 1).split(/\s+/).filter(Boolean).join("-");
    return citation.provision_id ? `${page}#${encodeURIComponent(place)}` : page;
  }

  function citationItem(citation) {
    const status = { paraphrase: "转述", model: "示范文本" }[citation.text_status];
    const warning = {
      paraphrase: "以下为转述，引用前请核对原件。",
      model: "示范文本·非真实规定，仅供演示，不可引用。",
    }[citation.text_status];
    const quote = citation.text_status === "original" ? `“${citation.quote}”` : citation.quote;
    return el("li", { class: "citation" },
      el("details", null,
        el("summary", null,
          `《${citation.document}》${citation.provision || (citation.locator ? `（${citation.locator}）` : "")}`,
          status && el("span", { class: `tag tag-${citation.text_status}` }, status)),
        el("div", { class: "citation-body" },
          warning && el("span", { class: "hint" }, warning),
          el("p", null, quote),
          el("p", null,
            citation.document_number && el("span", { class: "hint" }, citation.document_number),
            el("a", { href: citationAddress(citation), target: "_blank", rel: "noopener" }, "在文件中查看（新窗口）")))));
  }

  function errorText(error) {
    return error.hint ? `${error.message}${error.hint}` : "页面出错了。请刷新后再试。";
  }

  /** 2026-11-23 as 2026年11月23日. */
  function chineseDay(day) {
    const [year, month, date] = day.split("-").map(Number);
    return `${year}年${month}月${date}日`;
  }

  return { el, verdict, send, citationItem, errorText, chineseDay };
})();
