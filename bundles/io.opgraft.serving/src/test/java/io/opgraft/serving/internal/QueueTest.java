package io.opgraft.serving.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.InferenceException;
import io.opgraft.backend.Shape;
import io.opgraft.models.ModelMetadata;
import io.opgraft.models.QueuePolicy;
import io.opgraft.models.QueuePolicy.TimeoutAction;
import io.opgraft.models.Scheduling;
import io.opgraft.serving.DeadlineException;
import io.opgraft.serving.FailureReason;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.OverloadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueTest {
    private final FakeThreads threads = new FakeThreads();
    private final FakeModel model = new FakeModel(1);
    private final BytesInFlight account = new BytesInFlight(0);
    private final List<LeasedRequest> all = new ArrayList<>();
    private ModelMetadata metadata = FakeModel.metadata(Scheduling.PLAIN, 0);
    private VersionQueue queue = new VersionQueue(metadata, FakeThreads.SETTINGS, threads);

    private void configure(QueuePolicy policy, int levels, Map<Integer, QueuePolicy> byLevel) {
        metadata = FakeModel.metadata(
                new Scheduling(false, List.of(), 0, false, levels, levels == 0 ? 0 : 2, policy, byLevel), 0);
        queue = new VersionQueue(metadata, FakeThreads.SETTINGS, threads);
    }

    private LeasedRequest request(int value) throws InferenceException {
        return request(model, value);
    }

    private LeasedRequest request(FakeModel on, int value) throws InferenceException {
        LeasedRequest request = new LeasedRequest(on.lease(metadata), queue, account, null);
        all.add(request);
        request.input("IN", DataType.INT32, Shape.of(1, 1), 4).buffer().putInt(value);
        return request;
    }

    private static Answer run(LeasedRequest request) {
        Answer answer = new Answer();
        request.run(List.of("OUT"), answer);
        return answer;
    }

    /** Takes the one place with a run that ends when the test runs the tasks. */
    private Answer occupy() throws InferenceException {
        return run(request(0));
    }

    /** Everything is closed exactly once in the end. */
    private void assertAllFree() {
        all.forEach(LeasedRequest::close);
        assertEquals(0, model.open.get());
        assertEquals(0, account.taken());
        ModelStatistics statistics = queue.statistics();
        assertEquals(List.of(0L, 0L), List.of(statistics.waiting(), statistics.running()));
        assertEquals(all.size(), statistics.successes() + statistics.failures());
    }

    @Test
    void theFirstRunIsHandedOffAndAfterShortOnesRunsStayOnTheirThread() throws Exception {
        Answer first = run(request(1));
        assertEquals(0, first.told);
        threads.runAll();
        assertEquals(List.of(1), first.values(0));
        assertEquals(List.of(2), run(request(2)).values(0));
        assertAllFree();
    }

    @Test
    void longRunsAreHandedOff() throws Exception {
        model.work = inputs -> threads.pass(2 * FakeThreads.SHORT);
        run(request(1));
        threads.runAll();
        assertEquals(0, run(request(2)).told);
        // Short again: a few runs later they stay.
        model.work = inputs -> {};
        for (int i = 0; i < 20; i++) {
            run(request(i));
            threads.runAll();
        }
        assertEquals(1, run(request(3)).told);
        assertAllFree();
    }

    @Test
    void whatFindsNoPlaceWaitsInItsOrder() throws Exception {
        List<Integer> order = new ArrayList<>();
        model.work = inputs -> order.add(inputs.get("IN").buffer().getInt());
        Answer running = occupy();
        List<Answer> waiting = List.of(run(request(1)), run(request(2)), run(request(3)));
        assertEquals(1, threads.tasks.size());
        assertEquals(
                List.of(3L, 1L),
                List.of(queue.statistics().waiting(), queue.statistics().running()));
        threads.runOne();
        assertEquals(1, running.told);
        assertEquals(0, waiting.get(0).told);
        threads.runAll();
        assertEquals(List.of(0, 1, 2, 3), order);
        waiting.forEach(answer -> assertEquals(1, answer.told));
        assertTrue(queue.statistics().queueNanos() > 0);
        assertAllFree();
    }

    @Test
    void aModelThatSaysNothingRunsAsOftenAsThereAreProcessors() throws Exception {
        FakeModel open = new FakeModel(0);
        for (int i = 0; i < 3; i++) {
            run(request(open, i));
        }
        assertEquals(2, threads.tasks.size());
        threads.runAll();
        all.forEach(LeasedRequest::close);
        assertEquals(0, open.open.get());
    }

    @Test
    void aLongQueueTakesNoMoreWhenItsFirstHasWaitedTooLong() throws Exception {
        queue = new VersionQueue(metadata, new Settings(FakeThreads.SHORT, 1000, 1_000_000_000, 0, 2), threads);
        occupy();
        run(request(1));
        threads.pass(2_000_000_000);
        // Few may wait for any time.
        for (int i = 2; i <= 256; i++) {
            assertEquals(0, run(request(i)).told);
        }
        Answer refused = run(request(257));
        assertInstanceOf(OverloadException.class, refused.failure);
        assertTrue(refused.failure.getMessage().contains("1000 ms"), refused.failure.getMessage());
        // Those that have waited for long are gone: there is room again, however many wait.
        threads.runOne();
        threads.runOne();
        for (int i = 0; i < 10; i++) {
            assertEquals(0, run(request(i)).told);
        }
        threads.runAll();
        assertEquals(Map.of(FailureReason.OVERLOAD, 1L), queue.statistics().failuresByReason());
        assertAllFree();
    }

    @Test
    void theQueueIsLimited() throws Exception {
        configure(new QueuePolicy(TimeoutAction.REJECT, 0, false, 1), 0, Map.of());
        occupy();
        run(request(1));
        Answer refused = run(request(2));
        assertInstanceOf(OverloadException.class, refused.failure);
        assertTrue(refused.failure.getMessage().startsWith("Exceeds maximum queue size"), refused.failure.getMessage());
        threads.runAll();
        assertEquals(Map.of(FailureReason.OVERLOAD, 1L), queue.statistics().failuresByReason());
        assertAllFree();
    }

    @Test
    void theServersOwnLimitHoldsForEveryModel() throws Exception {
        queue = new VersionQueue(metadata, new Settings(FakeThreads.SHORT, 2, 0, 0, 2), threads);
        occupy();
        run(request(1));
        run(request(2));
        assertInstanceOf(OverloadException.class, run(request(3)).failure);
        threads.runAll();
        assertEquals(3, model.batches.size());
        assertAllFree();
    }

    @Test
    void aPassedDeadlineIsToldAtOnceAndNeverReachesTheModel() throws Exception {
        occupy();
        LeasedRequest late = request(1);
        late.schedule(0, 1000);
        Answer answer = run(late);
        threads.advance(999_000);
        assertEquals(0, answer.told);
        threads.advance(2_000);
        assertInstanceOf(DeadlineException.class, answer.failure);
        threads.runAll();
        assertEquals(1, model.batches.size());
        assertEquals(Map.of(FailureReason.DEADLINE, 1L), queue.statistics().failuresByReason());
        assertAllFree();
    }

    @Test
    void aDeadlineHoldsAlsoWhenItsTimerComesLate() throws Exception {
        occupy();
        LeasedRequest late = request(1);
        late.schedule(0, 1000);
        Answer answer = run(late);
        threads.pass(2_000_000);
        threads.runAll();
        assertInstanceOf(DeadlineException.class, answer.failure);
        assertEquals(1, model.batches.size());
        threads.advance(1);
        assertEquals(1, answer.told);
        assertAllFree();
    }

    @Test
    void theDefaultTimeoutHoldsAndARequestMayAskForMoreOrLessIfItMay() throws Exception {
        configure(new QueuePolicy(TimeoutAction.REJECT, 1000, true, 0), 0, Map.of());
        occupy();
        Answer byDefault = run(request(1));
        LeasedRequest patient = request(2);
        patient.schedule(0, 5000);
        Answer more = run(patient);
        LeasedRequest hasty = request(3);
        hasty.schedule(0, 100);
        Answer less = run(hasty);
        threads.advance(200_000);
        assertEquals(List.of(0, 0, 1), List.of(byDefault.told, more.told, less.told));
        threads.advance(1_000_000);
        assertEquals(List.of(1, 0, 1), List.of(byDefault.told, more.told, less.told));
        threads.runAll();
        assertNull(more.failure);
        assertAllFree();
    }

    @Test
    void withoutOverrideTheDefaultCounts() throws Exception {
        configure(new QueuePolicy(TimeoutAction.REJECT, 1000, false, 0), 0, Map.of());
        occupy();
        LeasedRequest patient = request(2);
        patient.schedule(0, 5000);
        Answer answer = run(patient);
        threads.advance(1_100_000);
        assertInstanceOf(DeadlineException.class, answer.failure);
        threads.runAll();
        assertAllFree();
    }

    @Test
    void delayedRequestsComeAfterThoseInTime() throws Exception {
        configure(new QueuePolicy(TimeoutAction.DELAY, 1000, true, 0), 0, Map.of());
        List<Integer> order = new ArrayList<>();
        model.work = inputs -> order.add(inputs.get("IN").buffer().getInt());
        occupy();
        run(request(1));
        threads.advance(1_100_000);
        run(request(2));
        threads.runAll();
        assertEquals(List.of(0, 2, 1), order);
        assertEquals(3, queue.statistics().successes());
        assertAllFree();
    }

    @Test
    void urgentRequestsComeFirstAndOthersTakeTheDefaultLevel() throws Exception {
        configure(QueuePolicy.NONE, 3, Map.of(3, new QueuePolicy(TimeoutAction.REJECT, 0, false, 1)));
        List<Integer> order = new ArrayList<>();
        model.work = inputs -> order.add(inputs.get("IN").buffer().getInt());
        occupy();
        LeasedRequest last = request(3);
        last.schedule(3, 0);
        run(last);
        run(request(2));
        LeasedRequest first = request(1);
        first.schedule(1, 0);
        run(first);
        LeasedRequest tooMany = request(4);
        tooMany.schedule(3, 0);
        assertTrue(run(tooMany).failure.getMessage().contains("with priority 3"));
        threads.runAll();
        assertEquals(List.of(0, 1, 2, 3), order);
        LeasedRequest wrong = request(5);
        InferenceException fault = assertThrows(InferenceException.class, () -> wrong.schedule(4, 0));
        assertTrue(fault.clientFault());
        assertEquals("priority 4 is not a level of model 'm', which has 1, the most urgent, to 3", fault.getMessage());
        assertAllFree();
    }

    @Test
    void aCancelledRequestLeavesTheQueueAtOnce() throws Exception {
        occupy();
        LeasedRequest gone = request(1);
        Answer cancelled = run(gone);
        Answer other = run(request(2));
        gone.cancel();
        gone.cancel();
        assertEquals(1, cancelled.told);
        assertEquals("the request to model 'm' was cancelled", cancelled.failure.getMessage());
        threads.runAll();
        assertEquals(2, model.batches.size());
        assertEquals(1, other.told);
        assertEquals(Map.of(FailureReason.CANCELLED, 1L), queue.statistics().failuresByReason());
        assertAllFree();
    }

    @Test
    void aCancelBeforeTheRunWasAskedForCountsToo() throws Exception {
        occupy();
        LeasedRequest gone = request(1);
        gone.cancel();
        assertEquals(1, run(gone).told);
        threads.runAll();
        assertAllFree();
    }

    @Test
    void aRunUnderWayGoesOnWhenItIsCancelled() throws Exception {
        LeasedRequest request = request(1);
        Answer answer = run(request);
        request.cancel();
        threads.runAll();
        assertEquals(List.of(1), answer.values(0));
        assertAllFree();
    }

    @Test
    void closingFreesNothingThatTheModelUses() throws Exception {
        LeasedRequest request = request(1);
        Answer answer = run(request);
        model.work = inputs -> {
            request.close();
            // Would fail if the tensor were closed.
            inputs.get("IN").buffer();
        };
        threads.runAll();
        assertTrue(answer.failure != null && answer.outputs == null);
        assertAllFree();
    }

    @Test
    void closingAWaitingRequestCancelsIt() throws Exception {
        occupy();
        LeasedRequest request = request(1);
        Answer answer = run(request);
        request.close();
        assertEquals(1, answer.told);
        threads.runAll();
        assertAllFree();
    }

    @Test
    void aFailedRunIsToldAndGivesItsPlaceBack() throws Exception {
        model.work = inputs -> {
            throw new InferenceException("broken", false);
        };
        Answer failed = run(request(1));
        threads.runAll();
        assertEquals("broken", failed.failure.getMessage());
        model.work = inputs -> {
            throw new IllegalStateException("a bug");
        };
        Answer bug = run(request(2));
        threads.runAll();
        assertTrue(bug.failure.getMessage().startsWith("internal error while running model 'm'"));
        model.work = inputs -> {
            throw new OutOfMemoryError("test");
        };
        Answer memory = run(request(3));
        threads.runAll();
        assertInstanceOf(OverloadException.class, memory.failure);
        assertEquals(
                Map.of(FailureReason.BACKEND, 2L, FailureReason.OVERLOAD, 1L),
                queue.statistics().failuresByReason());
        assertAllFree();
    }

    @Test
    void afterTheEndRequestsAreRefused() throws Exception {
        threads.stopped = true;
        Answer answer = run(request(1));
        assertInstanceOf(OverloadException.class, answer.failure);
        assertAllFree();
    }

    @Test
    void requestsKeepTheInstanceThatTheyWereOpenedOn() throws Exception {
        FakeModel newer = new FakeModel(1);
        occupy();
        Answer old = run(request(1));
        Answer young = run(request(newer, 2));
        threads.runAll();
        assertEquals(List.of(1), old.values(0));
        assertEquals(List.of(2), young.values(0));
        assertEquals(2, model.batches.size());
        assertEquals(1, newer.batches.size());
        assertAllFree();
        assertEquals(0, newer.open.get());
    }

    @Test
    void answersKeepTheOrderOfTheRequestsIfTheyMust() throws Exception {
        metadata = FakeModel.metadata(new Scheduling(false, List.of(), 0, true, 0, 0, QueuePolicy.NONE, Map.of()), 0);
        queue = new VersionQueue(metadata, FakeThreads.SETTINGS, threads);
        FakeModel two = new FakeModel(2);
        Answer first = run(request(two, 1));
        Answer second = run(request(two, 2));
        Runnable firstRun = threads.tasks.remove();
        threads.runAll();
        assertEquals(List.of(0, 0), List.of(first.told, second.told));
        firstRun.run();
        assertEquals(List.of(1, 1), List.of(first.told, second.told));
        all.forEach(LeasedRequest::close);
        assertEquals(0, two.open.get());
    }
}
