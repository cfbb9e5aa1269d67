// The page at `/`: what this is, in Chinese first, with a question that can be asked at once. No external assets.
import { createHash } from 'node:crypto';

const SAMPLE = `{
  divisions(level: COUNTY) {
    code
    name
  }
}`;

const SCRIPT = `
const form = document.querySelector('form');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const key = form.elements.key.value.trim();
  const headers = { 'content-type': 'application/json', ...(key ? { authorization: 'Bearer ' + key } : {}) };
  const out = document.querySelector('output');
  try {
    const body = JSON.stringify({ query: form.elements.query.value });
    const answer = await fetch('/graphql', { method: 'POST', headers, body });
    out.textContent = JSON.stringify(await answer.json(), null, 2);
  } catch (error) { out.textContent = String(error); }
});
`;

const STYLE = `
body { font: 16px/1.6 system-ui, 'PingFang SC', 'Microsoft YaHei', sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
textarea, pre, output { font: 14px/1.5 ui-monospace, monospace; width: 100%; box-sizing: border-box }
output { display: block; white-space: pre-wrap; background: #f4f4f4; padding: .5rem; min-height: 2rem; overflow-wrap: anywhere }
input { width: 20rem; max-width: 100% } [lang=en] { color: #555 }
`;

const toSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Allows this page's own script and style and requests to this address, nothing else. */
export const LANDING_POLICY = `default-src 'none'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src ${toSource(SCRIPT)}; style-src ${toSource(STYLE)}`;

export const LANDING_PAGE = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>一张网 · One Network</title>
<style>${STYLE}</style>
<h1>一张网</h1>
<p>市应急指挥数据枢纽：把各单位的业务系统接成一个 GraphQL 接口。一个地址，一套模型，每个值都标明来源与时效。</p>
<p lang="en"><strong>One Network</strong>: the city's municipal systems behind one GraphQL address. One schema; every value says where it comes from and how old it is.</p>
<p>接口地址 <span lang="en">(endpoint)</span>: <a href="/graphql"><code>/graphql</code></a> (POST, <code>application/json</code>)</p>
<form>
<p><label>查询示例 <span lang="en">(sample query)</span><textarea name="query" rows="8" spellcheck="false">${SAMPLE}</textarea></label></p>
<p><label>访问密钥，如已启用 <span lang="en">(key, where keys are configured)</span> <input name="key" type="password" autocomplete="off"></label>
<button>查询 · Run</button></p>
</form>
<output aria-live="polite"></output>
<p>运行状态 <span lang="en">(health)</span>: <a href="/health/live">/health/live</a> · <a href="/health/ready">/health/ready</a> · <a href="/metrics">/metrics</a></p>
<script>${SCRIPT}</script>
</html>
`;
