import type { InterfaceState } from "../snapshot/snapshot.ts";
import type { Finding } from "./finding.ts";
import { judge, OK } from "./judge.ts";
import { byName, canBeStated, stateFinding } from "./state-finding.ts";

/** More interfaces than this are not told of; those in trouble and the busiest are. */
const MOST_INTERFACES = 4;

/**
 * Interfaces that programs make, by the names that Linux and macOS give them. That one of them is
 * down says nothing about the machine.
 */
const VIRTUAL =
  /^(docker|br-|veth|virbr|vnet|vmnet|lxc|cni|flannel|cali|tun|tap|utun|wg|ifb|dummy|bond|sit|gre|ip6|ipsec|bridge|gif|stf|awdl|llw|anpi|ap\d)/;

/** What the network interfaces do: those in trouble first, then the busiest, and last what is down. */
export function interfaceFindings(interfaces: readonly InterfaceState[]): readonly Finding[] {
  return interfaces
    .filter(({ up, name }) => up || !VIRTUAL.test(name))
    .filter((one) =>
      canBeStated(one.receivedBytesPerSecond, one.sentBytesPerSecond, traffic(one), one.errors),
    )
    .map((state) => ({
      state,
      judgement: state.up ? judge("machine_interface_errors", state.errors) : OK,
    }))
    .sort(
      (a, b) =>
        Number(b.judgement !== OK) - Number(a.judgement !== OK) ||
        Number(b.state.up) - Number(a.state.up) ||
        traffic(b.state) - traffic(a.state) ||
        byName(a.state.name, b.state.name) ||
        b.state.errors - a.state.errors ||
        b.state.receivedBytesPerSecond - a.state.receivedBytesPerSecond,
    )
    .slice(0, MOST_INTERFACES)
    .map(({ state, judgement }) => {
      if (!state.up) return down(state);
      return state.errors > 0 ? withErrors(state, judgement) : withTraffic(state);
    });
}

function traffic({ receivedBytesPerSecond, sentBytesPerSecond }: InterfaceState): number {
  return receivedBytesPerSecond + sentBytesPerSecond;
}

function rates({ receivedBytesPerSecond, sentBytesPerSecond }: InterfaceState) {
  return [
    { name: "received", value: receivedBytesPerSecond, unit: "bytes_per_second" },
    { name: "sent", value: sentBytesPerSecond, unit: "bytes_per_second" },
  ] as const;
}

function withTraffic(state: InterfaceState): Finding {
  const { name } = state;
  return stateFinding({
    kind: "interface",
    subject: name,
    values: rates(state),
    words: {
      en: (received, sent) => `Interface ${name} receives ${received} and sends ${sent}`,
      ja: (received, sent) => `インターフェース ${name} は受信${received}、送信${sent}`,
    },
  });
}

/** Errors come first among the values, because they are judged. */
function withErrors(state: InterfaceState, judgement: ReturnType<typeof judge>): Finding {
  const { name, errors } = state;
  const noun = errors === 1 ? "error or drop" : "errors or drops";
  return stateFinding({
    kind: "interface",
    subject: name,
    values: [{ name: "errors", value: errors, unit: "count" }, ...rates(state)],
    judgement,
    words: {
      en: (count, received, sent) =>
        `Interface ${name} receives ${received} and sends ${sent}, with ${count} ${noun}`,
      ja: (count, received, sent) =>
        `インターフェース ${name} は受信${received}、送信${sent}、エラーと破棄が${count}件`,
    },
  });
}

function down({ name }: InterfaceState): Finding {
  return stateFinding({
    kind: "interface",
    subject: name,
    values: [],
    words: {
      en: () => `Interface ${name} is down`,
      ja: () => `インターフェース ${name} は接続されていません。`,
    },
  });
}
