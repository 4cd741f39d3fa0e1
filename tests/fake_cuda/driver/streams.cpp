// Streams and events: work is queued, and done when somebody waits for it; with a seed, some of it at any moment before.
#include <chrono>
#include <cstdlib>
#include <random>

#include "fake.h"

namespace fake {
namespace {
using Clock = std::chrono::steady_clock;
thread_local int depth = 0;  // above 0 while this thread does work
thread_local std::vector<Use> declared;

struct Chance {
  std::mt19937 numbers;
  bool used = false;
  Chance() { if (const char* said = getenv("FAKE_CUDA_SEED")) begin(atol(said)); }
  void begin(long seed) { used = seed != 0; numbers.seed(static_cast<unsigned>(seed)); }
  unsigned below(unsigned most) { return numbers() % most; }
} chance;

// The head of the queue, if it may be done now.
bool next(CUstream stream, Op& op, bool waits) {
  LOCKED;
  if (stream->queue.empty()) return false;
  auto& head = stream->queue.front();
  if (!waits && head.ready && !head.ready()) return false;
  op = std::move(head);
  stream->queue.pop_front();
  return true;
}

CUresult done(const Op& op) {
  auto begin = Clock::now();
  ++depth;
  CUresult result = op.work();
  if (--depth == 0) {
    LOCKED;
    state().executed_ns += std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
  }
  return result ? lose(result) : CUDA_SUCCESS;
}

std::vector<CUstream> all_streams() {
  LOCKED;
  std::vector<CUstream> all(state().streams.begin(), state().streams.end());
  all.insert(all.end(), state().retired.begin(), state().retired.end());
  all.push_back(&state().null_stream);
  return all;
}

// One piece of work of a stream that this thread uses: another thread may hold Python's lock and wait for its own.
void do_one_of_any() {
  std::vector<CUstream> own;
  for (auto stream : all_streams())
    if (stream->owner == std::this_thread::get_id()) own.push_back(stream);
  if (own.empty()) return;
  CUstream stream;
  { LOCKED; stream = own[chance.below(own.size())]; }
  std::unique_lock<std::recursive_mutex> running(stream->running, std::try_to_lock);
  Op op;
  if (running && next(stream, op, false)) done(op);
}
}  // namespace

void seed(long number) { LOCKED; chance.begin(number); }

void stray() {
  if (depth || contexts.held.empty()) return;
  unsigned steps = 0;
  { LOCKED; if (chance.used && chance.below(3) == 0) steps = 1 + chance.below(4); }
  for (; steps; --steps) do_one_of_any();
}

CUstream real(CUstream stream) {
  return stream && stream != CU_STREAM_LEGACY && stream != CU_STREAM_PER_THREAD ? stream : &state().null_stream;
}

CUresult queue(CUstream given, Op op) {
  LOCKED;
  CUstream stream = real(given);
  if (stream == &state().null_stream)
    for (auto other : state().streams)
      if (other->capture) { other->capture->broken = true; return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT; }
  if (stream->capture) {
    if (stream->capture->broken) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    stream->capture->graph->ops.push_back(std::move(op));
    return CUDA_SUCCESS;
  }
  stream->owner = std::this_thread::get_id();
  asked_for(stream, op.uses);
  stream->queue.push_back(std::move(op));
  return CUDA_SUCCESS;
}

CUresult work_off(CUstream stream, const std::function<bool()>& enough) {
  std::lock_guard<std::recursive_mutex> running(stream->running);
  Op op;
  while (!enough()) {
    stray();
    if (enough() || !next(stream, op, true)) break;
    if (CUresult result = done(op)) return result;
  }
  LOCKED;
  return static_cast<CUresult>(state().lost);
}

CUresult work_off_everything() {
  for (auto stream : all_streams()) {
    if (CUresult result = work_off(stream)) return result;
    waited_for(stream->known);
  }
  return CUDA_SUCCESS;
}

// Whoever gives memory back may hold Python's lock, which the work of another thread may be waiting for.
CUresult work_off_what_nobody_runs() {
  for (auto stream : all_streams()) {
    std::unique_lock<std::recursive_mutex> running(stream->running, std::try_to_lock);
    if (!running) continue;
    if (CUresult result = work_off(stream)) return result;
    waited_for(stream->known);
  }
  return CUDA_SUCCESS;
}
}  // namespace fake

using namespace fake;

extern "C" {
// What the function that is queued next in this thread will read or write.
void fake_uses(uintptr_t at, size_t size, int writes) { declared.push_back({at, size, writes != 0}); }

CUresult cuStreamCreate(CUstream* stream, unsigned) {
  ENTER("cuStreamCreate");
  LOCKED;
  *stream = new CUstream_st;
  state().streams.insert(*stream);
  return CUDA_SUCCESS;
}
CUresult cuStreamDestroy(CUstream stream) {
  ENTER("cuStreamDestroy");
  LOCKED;
  if (state().gone.count(reinterpret_cast<uintptr_t>(stream))) return CUDA_SUCCESS;
  if (!state().streams.erase(stream)) return CUDA_ERROR_INVALID_HANDLE;
  state().retired.insert(stream);
  return CUDA_SUCCESS;
}
CUresult cuStreamSynchronize(CUstream given) {
  ENTER("cuStreamSynchronize");
  CUstream stream = real(given);
  if (CUresult captured = break_own(stream)) return captured;
  Clocks known;
  { LOCKED; known = stream->known; }
  CUresult result = work_off(stream);
  if (!result) waited_for(known);
  return result;
}
CUresult cuStreamQuery(CUstream given) {
  ENTER("cuStreamQuery");
  CUstream stream = real(given);
  if (CUresult captured = break_own(stream)) return captured;
  LOCKED;
  if (!stream->queue.empty()) return CUDA_ERROR_NOT_READY;
  waited_for(stream->known);
  return CUDA_SUCCESS;
}
CUresult cuLaunchHostFunc(CUstream stream, CUhostFn function, void* data) {
  std::vector<Use> uses;
  uses.swap(declared);
  ENTER("cuLaunchHostFunc");
  return queue(stream, {[=] { function(data); LOCKED; return static_cast<CUresult>(state().lost); }, uses, {}});
}
CUresult cuEventCreate(CUevent* event, unsigned flags) {
  ENTER("cuEventCreate");
  LOCKED;
  if (!(flags & CU_EVENT_BLOCKING_SYNC)) ++state().calls["cuEventCreate to spin"];
  *event = new CUevent_st;
  state().events.insert(*event);
  return CUDA_SUCCESS;
}
CUresult cuEventDestroy(CUevent event) { ENTER("cuEventDestroy"); LOCKED; state().events.erase(event); return CUDA_SUCCESS; }
CUresult cuEventRecord(CUevent event, CUstream given) {
  ENTER("cuEventRecord");
  LOCKED;
  CUstream stream = real(given);
  if (stream->capture) { event->captured = true; return queue(given, {[] { return CUDA_SUCCESS; }, {}, {}}); }
  event->captured = false;
  event->stream = stream;
  uint64_t number = ++event->asked;
  CUresult result = queue(given, {[=] { event->done = number; return CUDA_SUCCESS; }, {}, {}});
  event->known = stream->known;
  return result;
}
CUresult cuEventQuery(CUevent event) {
  ENTER("cuEventQuery");
  LOCKED;
  if (event->captured) return CUDA_ERROR_CAPTURED_EVENT;
  if (event->done != event->asked) return CUDA_ERROR_NOT_READY;
  waited_for(event->known);
  return CUDA_SUCCESS;
}
CUresult cuEventSynchronize(CUevent event) {
  ENTER("cuEventSynchronize");
  Clocks known;
  {
    LOCKED;
    if (event->captured) return CUDA_ERROR_CAPTURED_EVENT;
    if (!event->stream) return CUDA_SUCCESS;
    known = event->known;
  }
  uint64_t number = event->asked;
  CUresult result = work_off(event->stream, [=] { return event->done >= number; });
  if (!result) waited_for(known);
  return result;
}
CUresult cuStreamWaitEvent(CUstream given, CUevent event, unsigned) {
  ENTER("cuStreamWaitEvent");
  LOCKED;
  CUstream stream = real(given), other = event->stream;
  // A graph over several streams is not something that the app makes; a real driver would join the capture.
  if (event->captured) return stream->capture ? CUDA_SUCCESS : CUDA_ERROR_NOT_SUPPORTED;
  if (stream->capture) { stream->capture->broken = true; return CUDA_ERROR_STREAM_CAPTURE_ISOLATION; }
  if (!other) return CUDA_SUCCESS;
  uint64_t number = event->asked;
  auto is_done = [=] { return event->done >= number; };
  join(stream->known, event->known);
  return queue(given, {[=] { return work_off(other, is_done); }, {}, is_done});
}
}
