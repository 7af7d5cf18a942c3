// What the page says to the server, and hears from it.

export async function ask(path) {
  const response = await fetch(`/playground/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

export async function tell(path, values) {
  const form = values instanceof FormData;
  const response = await fetch(`/playground/${path}`, {
    method: "POST",
    headers: form ? {} : { "Content-Type": "application/json" },
    body: form ? values : JSON.stringify(values),
  });
  const answer = await response.json().catch(() => ({ error: `${response.status}` }));
  if (!response.ok) throw new Error(answer.error ?? String(response.status));
  return answer;
}

// `arrived` gets every piece of news; `opened` is called at each (re)connection, before the news.
export function listen(opened, arrived) {
  const source = new EventSource("/playground/events");
  source.addEventListener("open", opened);
  source.addEventListener("message", (event) => arrived(JSON.parse(event.data)));
  return source;
}
