// The video platform in conversation with the hub: it registers and registers again until it is taken, says that it lives,
// answers for its catalogue part by part, and tells of changes to whoever subscribed. What it says of the cameras is body.ts.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Fault } from '../front/fault.ts';
import { toChance } from '../storm/noise.ts';
import { type Item, toBody, toFailure, toItems, toKeepalive, toNotice, toPart } from './body.ts';
import type { Camera, CameraEvent } from './camera.ts';
import { type Line, openLine } from './line.ts';
import { type Told, toDigest, toResponseBytes } from './sip-text.ts';

export type PlatformOptions = {
  readonly seed: number;
  readonly cameras: readonly Camera[];
  readonly now: () => Instant;
  readonly hubPort: number;
  readonly id: string;
  readonly password: string;
  /** Real milliseconds between two signs of life, and before another try to register. */
  readonly keepaliveMs: number;
  readonly retryMs: number;
  readonly slowMs: number;
  readonly fault: () => Fault;
  readonly count: (direction: 'in' | 'out' | 'open' | 'cut', bytes: number) => void;
};

/** A notice as it was sent; `answered`: the hub said that it has it. */
export type SentNotice = Omit<CameraEvent, 'camera'> & { readonly id: string; answered: boolean };
/** A catalogue as it was given; `lost`: a part was never sent. */
export type SentCatalog = { readonly serial: string; readonly sum: number; lost: boolean; isDone: boolean };

export type Platform = {
  /** Begins to speak; whatever was said before is forgotten. */
  open(): Promise<void>;
  /** Falls silent without a goodbye. */
  cut(): Promise<void>;
  /** Says goodbye. */
  close(): Promise<void>;
  /** Tells what happened, one after the other; what nobody subscribed to is not told. */
  tell(events: readonly CameraEvent[]): void;
  sendNoise(bytes: Buffer): void;
  readonly isRegistered: () => boolean;
  readonly notices: readonly SentNotice[];
  readonly catalogs: readonly SentCatalog[];
};

const HUB = '43110000002000000099';
const DOMAIN = '4311000000';
const PART_ITEMS = 8;
/** A part is lost of about so many catalogues; never of two one after the other. */
const LOST_SHARE = 0.3;
const REGISTER_S = 600;

export function openPlatform(options: PlatformOptions): Platform {
  const { seed, cameras, now, id, password, fault, count } = options;
  const notices: SentNotice[] = [];
  const catalogs: SentCatalog[] = [];
  let line: Line | null = null;
  let [isRegistered, isSubscribed, serial] = [false, false, 0];
  let telling: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const say = (own: Line, xml: string, method = 'MESSAGE', headers: readonly string[] = []) => {
    serial += 1;
    return own.ask({ method, callId: `m${serial}`, headers, body: toBody(xml, seed, serial) });
  };
  const leave = () => {
    [isRegistered, isSubscribed] = [false, false];
  };
  const register = async (own: Line, expires: number): Promise<boolean> => {
    const headers = [`Contact: <sip:${id}@127.0.0.1:${own.port}>`, `Expires: ${expires}`];
    const request = { method: 'REGISTER', callId: 'register', headers };
    const challenged = await own.ask(request);
    if (challenged?.status !== 401) return challenged?.status === 200;
    const known = fault() === 'expired' ? 'of last year' : password;
    const ends = { id, hub: HUB, domain: DOMAIN, port: own.port };
    const proof = toDigest(challenged.headers.get('www-authenticate') ?? '', ends, known);
    const taken = await own.ask({ ...request, headers: [...headers, `Authorization: ${proof}`] });
    return taken?.status === 200;
  };
  /** One beat: registered or not yet, silent or not. */
  const beat = async (own: Line) => {
    if (fault() === 'hang') return;
    if (!isRegistered || fault() === 'expired') {
      isRegistered = await register(own, REGISTER_S);
      if (!isRegistered) isSubscribed = false;
      return;
    }
    const answer = await say(own, toKeepalive(id, serial));
    if (answer?.status !== 200) leave();
  };
  const keepBeating = (own: Line) => {
    const next = () => {
      if (line !== own) return;
      const wait = isRegistered ? options.keepaliveMs : options.retryMs;
      timer = setTimeout(() => void beat(own).catch(leave).then(next), wait);
    };
    void beat(own).catch(leave).then(next);
  };
  const giveCatalog = async (own: Line, question: string) => {
    if (fault() === 'hang') return;
    if (fault() === 'slow') await new Promise((resolve) => setTimeout(resolve, options.slowMs));
    if (fault() === 'error') return void (await say(own, toFailure(id, question)));
    const parts = toShuffled(seed, question, toItems(seed, cameras, now(), fault() === 'schema'));
    const sum = parts.reduce((all, { length }) => all + length, 0);
    const wasLost = catalogs.at(-1)?.lost === true;
    const lost = fault() === 'half' || (!wasLost && toChance(seed, 133, Number(question)) < LOST_SHARE);
    const given: SentCatalog = { serial: question, sum, lost, isDone: false };
    catalogs.push(given);
    for (const [at, items] of parts.entries())
      if (!lost || at !== 1) await say(own, toPart(id, question, { items, sum }));
    given.isDone = true;
  };
  const hear = (own: () => Line | null, told: Told) => {
    const to = own();
    if (to === null || fault() === 'hang') return;
    if (told.method === 'SUBSCRIBE') {
      isSubscribed = isRegistered;
      to.send(toResponseBytes(told, '200 OK', [`Expires: ${told.headers.get('expires') ?? '3600'}`]));
    } else if (told.method === 'MESSAGE') {
      to.send(toResponseBytes(told, '200 OK'));
      const [, question] = /<SN>(\d+)<\/SN>/.exec(told.body) ?? [];
      const isNew = !catalogs.some((one) => one.serial === question && !one.isDone);
      if (/<CmdType>Catalog<\/CmdType>/.test(told.body) && question !== undefined && isNew)
        giveCatalog(to, question).catch(leave);
    } else if (told.method !== 'ACK') to.send(toResponseBytes(told, '405 Method Not Allowed'));
  };
  const close = async (isGoodbye: boolean) => {
    const own = line;
    line = null;
    clearTimeout(timer);
    if (own !== null && isGoodbye && isRegistered) await register(own, 0);
    if (own !== null && !isGoodbye) count('cut', 0);
    leave();
    await own?.close();
  };
  return {
    open: async () => {
      await close(false);
      const own = await openLine({
        ...{ hubPort: options.hubPort, id, hub: HUB, domain: DOMAIN, count },
        onRequest: (told) => hear(() => line, told),
      });
      count('open', 0);
      line = own;
      keepBeating(own);
    },
    cut: () => close(false),
    close: () => close(true),
    tell: (events) => {
      const own = line;
      if (own === null || !isSubscribed || fault() === 'hang') return;
      for (const { camera, ...event } of events) {
        const sent: SentNotice = { ...event, id: camera.id, answered: false };
        notices.push(sent);
        telling = telling.then(async () => {
          // Whoever subscribes anew asks for the whole catalogue too: what was not told by then is in it.
          if (!isSubscribed || line !== own) return void notices.splice(notices.indexOf(sent), 1);
          serial += 1;
          const body = toNotice(seed, id, serial, { ...event, camera });
          const headers = ['Event: Catalog;id=1', 'Subscription-State: active'];
          const answer = await say(own, body, 'NOTIFY', headers);
          sent.answered = answer?.status === 200;
          if (!sent.answered) leave();
        });
      }
    },
    sendNoise: (bytes) => line?.send(bytes),
    isRegistered: () => isRegistered,
    ...{ notices, catalogs },
  };
}

/** The parts of a catalogue, in no order. */
function toShuffled(seed: number, question: string, items: readonly Item[]): readonly (readonly Item[])[] {
  const parts = Array.from({ length: Math.ceil(items.length / PART_ITEMS) }, (_, at) =>
    items.slice(at * PART_ITEMS, (at + 1) * PART_ITEMS),
  );
  const place = (at: number) => toChance(seed, 134, Number(question), at);
  return parts
    .map((part, at) => ({ part, place: place(at) }))
    .sort((a, b) => a.place - b.place)
    .map(({ part }) => part);
}
