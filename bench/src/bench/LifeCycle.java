package bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** An agent that asks, takes, starts and completes delegations, over HTTP, one after the other. */
final class LifeCycle implements Wire.Agent {

    enum Step {
        CREATE,
        CLAIM,
        START,
        COMPLETE
    }

    static final String TASK = "Count the stars of the northern sky, and say of each how bright it is; then tell which of"
            + " them can be seen from the harbour at midnight in the last week of November, when it does not rain.";
    static final String RESULT = "There are 4,548 of them, of which 17 can be seen from the harbour.";

    /** What all agents of one side did. */
    static final class Tally {
        final Map<Step, Latencies> latencies = new EnumMap<>(Step.class);
        long completed;

        Tally() {
            for (Step step : Step.values()) {
                latencies.put(step, new Latencies());
            }
        }

        LifeCycle.Tally copy() {
            var copy = new Tally();
            copy.completed = completed;
            latencies.forEach((step, all) -> copy.latencies.get(step).addAll(all));
            return copy;
        }

        void clear() {
            completed = 0;
            latencies.values().forEach(Latencies::clear);
        }
    }

    private final Tally tally;
    private final int most;
    private final byte[] create;
    private final byte[] claim;
    private final String calleeToken;
    private final List<String> taken = new ArrayList<>();
    private Step step = Step.CREATE;
    private int batch;
    private int done;

    /** @param first how many the first batch has, so that not all are at the same step */
    LifeCycle(Teams.Pair pair, String callerToken, String calleeToken, int most, int first, Tally tally) {
        this.tally = tally;
        this.most = most;
        this.batch = first;
        this.calleeToken = calleeToken;
        create = Requests.post(
                "/delegations",
                callerToken,
                "{\"caller_id\":\"" + pair.caller() + "\",\"callee_id\":\"" + pair.callee() + "\",\"task\":\"" + TASK
                        + "\"}");
        claim = Requests.post(
                "/workspaces/" + pair.callee() + "/delegations/claim", calleeToken, "{\"limit\":" + most + "}");
    }

    @Override
    public byte[] next() {
        return switch (step) {
            case CREATE -> create;
            case CLAIM -> claim;
            case START -> report("{\"status\":\"in_progress\",\"attempt\":1}");
            case COMPLETE -> report("{\"status\":\"completed\",\"attempt\":1,\"result\":\"" + RESULT + "\"}");
        };
    }

    private byte[] report(String json) {
        return Requests.post("/delegations/" + taken.get(done) + "/status", calleeToken, json);
    }

    @Override
    public void reply(int status, byte[] bytes, int bodyFrom, int to, long nanos) {
        if (status != (step == Step.CREATE ? 201 : 200)) {
            throw new IllegalStateException(step + ": " + status + " "
                    + new String(bytes, bodyFrom, to - bodyFrom, StandardCharsets.UTF_8));
        }
        tally.latencies.get(step).add(nanos);
        switch (step) {
            case CREATE -> {
                if (++done == batch) {
                    step = Step.CLAIM;
                }
            }
            case CLAIM -> {
                taken.clear();
                Requests.delegationIds(bytes, bodyFrom, to, taken);
                if (taken.size() != batch) {
                    throw new IllegalStateException("claimed " + taken.size() + " of " + batch);
                }
                done = 0;
                step = Step.START;
            }
            case START -> {
                if (++done == batch) {
                    done = 0;
                    step = Step.COMPLETE;
                }
            }
            case COMPLETE -> {
                tally.completed++;
                if (++done == batch) {
                    done = 0;
                    batch = most;
                    step = Step.CREATE;
                }
            }
            default -> throw new IllegalStateException();
        }
    }
}
