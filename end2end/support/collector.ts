/** An OpenTelemetry collector, as far as a test needs one: it takes OTLP over HTTP in JSON, and keeps the spans. */

import { Listener } from './listener';

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: string };
}

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code?: number };
}

export const INTERNAL = 1;
export const SERVER = 2;
export const CLIENT = 3;

export class Collector {
  readonly spans: Span[] = [];
  readonly #listener = new Listener('127.0.0.1', (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const isForUs = request.url === '/v1/traces' && request.headers['content-type'] === 'application/json';
      if (isForUs) this.#take(JSON.parse(Buffer.concat(parts).toString()));
      response.writeHead(isForUs ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await collector.#listener.up();
    return collector;
  }

  get url(): string {
    return this.#listener.url;
  }

  /** The spans of one trace. */
  of(trace: string): Span[] {
    return this.spans.filter(({ traceId }) => traceId === trace);
  }

  async stop(): Promise<void> {
    await this.#listener.down();
  }

  #take({ resourceSpans }: { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }): void {
    this.spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
  }
}

/** The value of an attribute, as a text. */
export function attribute(span: Span | undefined, key: string): string | undefined {
  const value = span?.attributes.find((attribute) => attribute.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
}
