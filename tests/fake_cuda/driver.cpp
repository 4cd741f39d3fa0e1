// A CUDA driver without a card, for tests: a libcuda.so.1 that the real pycuda and cuda-bindings run on.
//
// It is stricter than a real one: work that was queued is done at the last moment, when somebody waits for it; memory
// is poisoned when it is given and when it is taken back, and is never given twice; what may not be done while a graph
// is captured fails. It counts every call, fails where it is told to, and lists what was left behind at the end.
// Everything else in cuda.h answers CUDA_ERROR_NOT_SUPPORTED (see build.py).
#include <cuda.h>
#include <dlfcn.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using Op = std::function<CUresult()>;
struct CUgraph_st { std::vector<Op> ops; };
struct CUgraphExec_st { std::vector<Op> ops; };
struct Capture {
  CUgraph_st* graph;
  CUstreamCaptureMode mode;
  std::thread::id thread;
  bool broken = false;
};
struct CUstream_st {
  std::deque<Op> queue;
  std::unique_ptr<Capture> capture;
  std::recursive_mutex running;  // held while its work is done, so that two who wait keep its order
};
struct CUevent_st {
  CUstream stream = nullptr;
  uint64_t asked = 0, done = 0;
  bool captured = false;
};
struct CUctx_st { int retained = 0; };

namespace {
using Clock = std::chrono::steady_clock;
struct Failure { long after; int code; bool sticky; };

std::recursive_mutex lock;  // of all below; never held while work is done, which may need Python's own lock
CUctx_st primary;
CUstream_st null_stream;
std::set<CUstream> streams;
std::set<CUevent> events;
std::set<CUgraph> graphs;
std::set<CUgraphExec> execs;
std::map<CUdeviceptr, size_t> device_memory;
std::map<uintptr_t, size_t> pinned_memory;
std::map<std::string, long> calls;
std::map<std::string, Failure> failures;
std::vector<std::string> complaints;
std::set<uintptr_t> gone;  // with a card that was lost
size_t card_bytes = 8ull << 30;
int lost = 0;
long long executed_ns = 0;
bool absent = false;

struct ContextStack {
  std::vector<CUcontext> held;
  ~ContextStack() {
    if (held.empty()) return;
    std::lock_guard<std::recursive_mutex> guard(lock);
    complaints.push_back("a thread ended with a context still pushed");
  }
};
thread_local ContextStack contexts;
thread_local int depth = 0;

template <class Map, class Key>
bool lies_in(const Map& map, Key at, size_t size) {
  auto next = map.upper_bound(at);
  if (next == map.begin()) return false;
  --next;
  return at + size <= next->first + next->second;
}
bool on_card(CUdeviceptr at, size_t size) { return lies_in(device_memory, at, size); }
bool is_pinned(const void* at, size_t size) { return lies_in(pinned_memory, reinterpret_cast<uintptr_t>(at), size); }

CUresult lose(CUresult code) {
  std::lock_guard<std::recursive_mutex> guard(lock);
  if (!lost) lost = code;
  return static_cast<CUresult>(lost);
}

// Every call passes here: counted, failed on demand, refused after the card was lost or without a context.
CUresult enter(const char* name, bool needs_context = true) {
  std::lock_guard<std::recursive_mutex> guard(lock);
  ++calls[name];
  auto failure = failures.find(name);
  if (failure != failures.end() && --failure->second.after == 0) {
    auto code = static_cast<CUresult>(failure->second.code);
    if (failure->second.sticky) lost = code;
    failures.erase(failure);
    return code;
  }
  if (lost && needs_context) return static_cast<CUresult>(lost);
  if (needs_context && contexts.held.empty()) return CUDA_ERROR_INVALID_CONTEXT;
  return CUDA_SUCCESS;
}
#define ENTER(name) if (CUresult refused = enter(name)) return refused
#define ENTER_FREELY(name) if (CUresult refused = enter(name, false)) return refused
#define LOCKED std::lock_guard<std::recursive_mutex> guard(lock)

CUstream real(CUstream stream) {
  return stream && stream != CU_STREAM_LEGACY && stream != CU_STREAM_PER_THREAD ? stream : &null_stream;
}

// What may not happen during a capture: by this thread unless it captures relaxed, by any while one captures globally.
CUresult unsafe_call() {
  LOCKED;
  CUresult found = CUDA_SUCCESS;
  for (auto stream : streams) {
    if (!stream->capture) continue;
    bool own = stream->capture->thread == std::this_thread::get_id();
    bool global = stream->capture->mode == CU_STREAM_CAPTURE_MODE_GLOBAL;
    if (global || (own && stream->capture->mode == CU_STREAM_CAPTURE_MODE_THREAD_LOCAL)) {
      stream->capture->broken = true;
      found = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
  }
  return found;
}

// Waiting for the whole card breaks every capture, whatever its mode and thread.
CUresult breaks_every_capture() {
  LOCKED;
  CUresult found = CUDA_SUCCESS;
  for (auto stream : streams) {
    if (!stream->capture) continue;
    stream->capture->broken = true;
    found = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  }
  return found;
}

CUresult queue(CUstream given, Op op) {
  LOCKED;
  CUstream stream = real(given);
  if (stream == &null_stream)
    for (auto other : streams)
      if (other->capture) { other->capture->broken = true; return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT; }
  if (stream->capture) {
    if (stream->capture->broken) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    stream->capture->graph->ops.push_back(std::move(op));
    return CUDA_SUCCESS;
  }
  stream->queue.push_back(std::move(op));
  return CUDA_SUCCESS;
}

bool next(CUstream stream, Op& op) {
  LOCKED;
  if (stream->queue.empty()) return false;
  op = std::move(stream->queue.front());
  stream->queue.pop_front();
  return true;
}

CUresult work_off(CUstream stream, const std::function<bool()>& enough) {
  std::lock_guard<std::recursive_mutex> running(stream->running);
  auto begin = Clock::now();
  ++depth;
  CUresult result = CUDA_SUCCESS;
  Op op;
  while (!result && !enough() && next(stream, op)) result = op();
  if (--depth == 0) {
    LOCKED;
    executed_ns += std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
  }
  if (result) return lose(result);
  LOCKED;
  return static_cast<CUresult>(lost);
}
CUresult work_off(CUstream stream) { return work_off(stream, [] { return false; }); }

CUresult work_off_everything() {
  std::set<CUstream> all;
  { LOCKED; all = streams; }
  all.insert(&null_stream);
  for (auto stream : all)
    if (CUresult result = work_off(stream)) return result;
  return CUDA_SUCCESS;
}

CUresult give(std::map<uintptr_t, size_t>& map, size_t size, uintptr_t& at) {
  size_t rounded = (size + 4095) / 4096 * 4096;
  at = reinterpret_cast<uintptr_t>(aligned_alloc(4096, rounded ? rounded : 4096));
  memset(reinterpret_cast<void*>(at), 0xCD, rounded);
  map[at] = size;
  return CUDA_SUCCESS;
}

size_t taken() {
  size_t sum = 0;
  for (auto& one : device_memory) sum += one.second;
  return sum;
}

std::string left_behind() {
  LOCKED;
  std::string list;
  auto add = [&](const char* what, size_t count) {
    if (count) list += std::to_string(count) + " " + what + "\n";
  };
  add("device allocations", device_memory.size());
  add("pinned allocations", pinned_memory.size());
  add("streams", streams.size());
  add("events", events.size());
  add("graphs", graphs.size());
  add("executable graphs", execs.size());
  add("retained contexts", static_cast<size_t>(primary.retained));
  add("contexts pushed in this thread", contexts.held.size());
  for (auto& one : complaints) list += one + "\n";
  return list;
}

struct AtExit {
  ~AtExit() {
    const char* path = getenv("FAKE_CUDA_LEAKS");
    std::string list = lost ? "" : left_behind();
    if (!path || list.empty()) return;
    if (FILE* file = fopen(path, "w")) { fputs(list.c_str(), file); fclose(file); }
  }
} at_exit;

CUresult copy_checked(CUdeviceptr card, const void* host, size_t size, bool up) {
  {
    LOCKED;
    if (!on_card(card, size)) return CUDA_ERROR_ILLEGAL_ADDRESS;
    if (!is_pinned(host, size)) return CUDA_ERROR_ILLEGAL_ADDRESS;
  }
  if (up) memcpy(reinterpret_cast<void*>(card), host, size);
  else memcpy(const_cast<void*>(host), reinterpret_cast<void*>(card), size);
  return CUDA_SUCCESS;
}
}  // namespace

extern "C" {
// --- what tests ask the fake itself -----------------------------------------------------------------------------
long fake_count(const char* name) { LOCKED; auto one = calls.find(name); return one == calls.end() ? 0 : one->second; }
void fake_forget_counts() { LOCKED; calls.clear(); executed_ns = 0; }
long long fake_executed_ns() { LOCKED; return executed_ns; }
// The nth call of this name from now fails; a sticky failure loses the card for good.
void fake_fail(const char* name, long nth, int code, int sticky) { LOCKED; failures[name] = {nth, code, sticky != 0}; }
// The card fails at the work that is queued next on any stream of the caller's choice.
int fake_fail_work(CUstream stream, int code) {
  return queue(stream, [code] { return static_cast<CUresult>(code); });
}
void fake_lose_card(int code) { LOCKED; lost = code; }
// What lay on a card that was lost is gone with it.
void fake_find_card_again() {
  LOCKED;
  if (lost) {
    for (auto& one : device_memory) gone.insert(one.first);
    for (auto& one : pinned_memory) gone.insert(one.first);
    for (auto one : streams) gone.insert(reinterpret_cast<uintptr_t>(one));
    device_memory.clear(); pinned_memory.clear(); streams.clear(); events.clear(); graphs.clear(); execs.clear(); }
  lost = 0;
  failures.clear();
  absent = false;
}
void fake_set_memory(size_t bytes) { LOCKED; card_bytes = bytes; }
void fake_hide_card() { LOCKED; absent = true; }
void fake_forget_complaints() { LOCKED; complaints.clear(); }
void fake_complain(const char* what) { LOCKED; complaints.push_back(what); }
size_t fake_left_behind(char* into, size_t size) {
  std::string list = left_behind();
  snprintf(into, size, "%s", list.c_str());
  return list.size();
}

// --- device and context ------------------------------------------------------------------------------------------
CUresult cuInit(unsigned) { ENTER_FREELY("cuInit"); return absent ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS; }
CUresult cuDriverGetVersion(int* version) { ENTER_FREELY("cuDriverGetVersion"); *version = 13000; return CUDA_SUCCESS; }
CUresult cuGetErrorName(CUresult code, const char** name) {
  *name = code == CUDA_ERROR_OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : "CUDA_ERROR";
  return CUDA_SUCCESS;
}
CUresult cuGetErrorString(CUresult code, const char** text) {
  static thread_local char said[64];
  snprintf(said, sizeof said, "error %d of the fake driver", static_cast<int>(code));
  *text = code == CUDA_ERROR_OUT_OF_MEMORY ? "out of memory" : said;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetCount(int* count) { ENTER_FREELY("cuDeviceGetCount"); *count = absent ? 0 : 1; return CUDA_SUCCESS; }
CUresult cuDeviceGet(CUdevice* device, int index) {
  ENTER_FREELY("cuDeviceGet");
  *device = index;
  return index || absent ? CUDA_ERROR_INVALID_DEVICE : CUDA_SUCCESS;
}
CUresult cuDeviceGetName(char* name, int size, CUdevice) {
  ENTER_FREELY("cuDeviceGetName");
  snprintf(name, size, "Fake GPU");
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute attribute, CUdevice) {
  ENTER_FREELY("cuDeviceGetAttribute");
  *value = attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR   ? 8
           : attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR ? 6
                                                                       : 1;
  return CUDA_SUCCESS;
}
CUresult cuDeviceTotalMem(size_t* bytes, CUdevice) { ENTER_FREELY("cuDeviceTotalMem"); *bytes = card_bytes; return CUDA_SUCCESS; }
CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice) {
  ENTER_FREELY("cuDevicePrimaryCtxRetain");
  LOCKED;
  if (lost) return static_cast<CUresult>(lost);
  ++primary.retained;
  *context = &primary;
  return CUDA_SUCCESS;
}
CUresult cuDevicePrimaryCtxRelease(CUdevice) {
  ENTER_FREELY("cuDevicePrimaryCtxRelease");
  LOCKED;
  if (!primary.retained) return CUDA_ERROR_INVALID_CONTEXT;
  --primary.retained;
  return CUDA_SUCCESS;
}
CUresult cuCtxPushCurrent(CUcontext context) { ENTER_FREELY("cuCtxPushCurrent"); contexts.held.push_back(context); return CUDA_SUCCESS; }
CUresult cuCtxPopCurrent(CUcontext* context) {
  ENTER_FREELY("cuCtxPopCurrent");
  if (contexts.held.empty()) return CUDA_ERROR_INVALID_CONTEXT;
  if (context) *context = contexts.held.back();
  contexts.held.pop_back();
  return CUDA_SUCCESS;
}
CUresult cuCtxGetCurrent(CUcontext* context) {
  ENTER_FREELY("cuCtxGetCurrent");
  *context = contexts.held.empty() ? nullptr : contexts.held.back();
  return CUDA_SUCCESS;
}
CUresult cuCtxGetDevice(CUdevice* device) { ENTER("cuCtxGetDevice"); *device = 0; return CUDA_SUCCESS; }
CUresult cuCtxGetApiVersion(CUcontext, unsigned* version) { ENTER_FREELY("cuCtxGetApiVersion"); *version = 3020; return CUDA_SUCCESS; }
CUresult cuCtxSynchronize(void) {
  ENTER("cuCtxSynchronize");
  if (CUresult broken = breaks_every_capture()) return broken;
  return work_off_everything();
}

// --- memory --------------------------------------------------------------------------------------------------------
CUresult cuMemGetInfo(size_t* free_bytes, size_t* all_bytes) {
  ENTER("cuMemGetInfo");
  LOCKED;
  *all_bytes = card_bytes;
  *free_bytes = card_bytes - taken();
  return CUDA_SUCCESS;
}
CUresult cuMemAlloc(CUdeviceptr* at, size_t size) {
  ENTER("cuMemAlloc");
  if (CUresult captured = unsafe_call()) return captured;
  LOCKED;
  if (!size) return CUDA_ERROR_INVALID_VALUE;
  if (size > card_bytes - taken()) return CUDA_ERROR_OUT_OF_MEMORY;
  std::map<uintptr_t, size_t> one;
  uintptr_t where;
  give(one, size, where);
  device_memory[where] = size;
  *at = where;
  return CUDA_SUCCESS;
}
CUresult cuMemFree(CUdeviceptr at) {
  ENTER("cuMemFree");
  if (CUresult captured = unsafe_call()) return captured;
  if (CUresult failed = work_off_everything()) return failed;
  LOCKED;
  if (gone.count(at)) return CUDA_SUCCESS;
  auto one = device_memory.find(at);
  if (one == device_memory.end()) { complaints.push_back("freed twice"); return CUDA_ERROR_INVALID_VALUE; }
  memset(reinterpret_cast<void*>(at), 0xDD, one->second);  // and never given again
  device_memory.erase(one);
  return CUDA_SUCCESS;
}
CUresult cuMemGetAddressRange(CUdeviceptr* begin, size_t* size, CUdeviceptr at) {
  ENTER("cuMemGetAddressRange");
  LOCKED;
  if (!on_card(at, 1)) return CUDA_ERROR_NOT_FOUND;
  auto one = --device_memory.upper_bound(at);
  if (begin) *begin = one->first;
  if (size) *size = one->second;
  return CUDA_SUCCESS;
}
CUresult cuMemHostAlloc(void** at, size_t size, unsigned) {
  ENTER("cuMemHostAlloc");
  if (CUresult captured = unsafe_call()) return captured;
  LOCKED;
  uintptr_t where;
  give(pinned_memory, size, where);
  *at = reinterpret_cast<void*>(where);
  return CUDA_SUCCESS;
}
CUresult cuMemFreeHost(void* at) {
  ENTER("cuMemFreeHost");
  if (CUresult captured = unsafe_call()) return captured;
  if (CUresult failed = work_off_everything()) return failed;
  LOCKED;
  if (gone.count(reinterpret_cast<uintptr_t>(at))) return CUDA_SUCCESS;
  auto one = pinned_memory.find(reinterpret_cast<uintptr_t>(at));
  if (one == pinned_memory.end()) return CUDA_ERROR_INVALID_VALUE;
  memset(at, 0xDD, one->second);
  pinned_memory.erase(one);
  return CUDA_SUCCESS;
}
CUresult cuMemcpyHtoDAsync(CUdeviceptr to, const void* from, size_t size, CUstream stream) {
  ENTER("cuMemcpyHtoDAsync");
  LOCKED;
  if (!on_card(to, size)) return CUDA_ERROR_INVALID_VALUE;
  if (!is_pinned(from, size)) { complaints.push_back("an asynchronous copy from pageable memory"); return CUDA_ERROR_INVALID_VALUE; }
  return queue(stream, [=] { return copy_checked(to, from, size, true); });
}
CUresult cuMemcpyDtoHAsync(void* to, CUdeviceptr from, size_t size, CUstream stream) {
  ENTER("cuMemcpyDtoHAsync");
  LOCKED;
  if (!on_card(from, size)) return CUDA_ERROR_INVALID_VALUE;
  if (!is_pinned(to, size)) { complaints.push_back("an asynchronous copy into pageable memory"); return CUDA_ERROR_INVALID_VALUE; }
  return queue(stream, [=] { return copy_checked(from, to, size, false); });
}
CUresult cuMemcpyHtoD(CUdeviceptr to, const void* from, size_t size) {
  ENTER("cuMemcpyHtoD");
  if (CUresult captured = unsafe_call()) return captured;
  if (CUresult failed = work_off(&null_stream)) return failed;
  LOCKED;
  if (!on_card(to, size)) return CUDA_ERROR_INVALID_VALUE;
  memcpy(reinterpret_cast<void*>(to), from, size);
  return CUDA_SUCCESS;
}
CUresult cuMemcpyDtoH(void* to, CUdeviceptr from, size_t size) {
  ENTER("cuMemcpyDtoH");
  if (CUresult captured = unsafe_call()) return captured;
  if (CUresult failed = work_off(&null_stream)) return failed;
  LOCKED;
  if (!on_card(from, size)) return CUDA_ERROR_INVALID_VALUE;
  memcpy(to, reinterpret_cast<void*>(from), size);
  return CUDA_SUCCESS;
}

// --- streams and events --------------------------------------------------------------------------------------------
CUresult cuStreamCreate(CUstream* stream, unsigned) {
  ENTER("cuStreamCreate");
  LOCKED;
  *stream = new CUstream_st;
  streams.insert(*stream);
  return CUDA_SUCCESS;
}
CUresult cuStreamDestroy(CUstream stream) {
  ENTER("cuStreamDestroy");
  {
    LOCKED;
    if (gone.count(reinterpret_cast<uintptr_t>(stream))) return CUDA_SUCCESS;
    if (!streams.count(stream)) return CUDA_ERROR_INVALID_HANDLE;
  }
  CUresult result = work_off(stream);
  LOCKED;
  streams.erase(stream);  // its memory stays: an event may still name it
  return result;
}
CUresult cuStreamSynchronize(CUstream given) {
  ENTER("cuStreamSynchronize");
  CUstream stream = real(given);
  { LOCKED; if (stream->capture) { stream->capture->broken = true; return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED; } }
  return work_off(stream);
}
CUresult cuStreamQuery(CUstream given) {
  ENTER("cuStreamQuery");
  CUstream stream = real(given);
  LOCKED;
  if (stream->capture) { stream->capture->broken = true; return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED; }
  return stream->queue.empty() ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}
CUresult cuLaunchHostFunc(CUstream stream, CUhostFn function, void* data) {
  ENTER("cuLaunchHostFunc");
  return queue(stream, [=] { function(data); return CUDA_SUCCESS; });
}
CUresult cuEventCreate(CUevent* event, unsigned) { ENTER("cuEventCreate"); LOCKED; *event = new CUevent_st; events.insert(*event); return CUDA_SUCCESS; }
CUresult cuEventDestroy(CUevent event) { ENTER("cuEventDestroy"); LOCKED; events.erase(event); return CUDA_SUCCESS; }
CUresult cuEventRecord(CUevent event, CUstream given) {
  ENTER("cuEventRecord");
  LOCKED;
  CUstream stream = real(given);
  if (stream->capture) { event->captured = true; return queue(given, [] { return CUDA_SUCCESS; }); }
  event->captured = false;
  event->stream = stream;
  uint64_t number = ++event->asked;
  return queue(given, [=] { event->done = number; return CUDA_SUCCESS; });
}
CUresult cuEventQuery(CUevent event) { ENTER("cuEventQuery"); LOCKED; return event->done == event->asked ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY; }
CUresult cuEventSynchronize(CUevent event) {
  ENTER("cuEventSynchronize");
  { LOCKED; if (event->captured) return CUDA_ERROR_CAPTURED_EVENT; if (!event->stream) return CUDA_SUCCESS; }
  uint64_t number = event->asked;
  return work_off(event->stream, [=] { return event->done >= number; });
}
CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned) {
  ENTER("cuStreamWaitEvent");
  uint64_t number = event->asked;
  return queue(stream, [=] {
    return event->stream ? work_off(event->stream, [=] { return event->done >= number; }) : CUDA_SUCCESS;
  });
}

// --- graphs --------------------------------------------------------------------------------------------------------
CUresult cuStreamBeginCapture(CUstream stream, CUstreamCaptureMode mode) {
  ENTER("cuStreamBeginCapture");
  LOCKED;
  if (real(stream) == &null_stream) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  if (stream->capture) return CUDA_ERROR_ILLEGAL_STATE;
  auto graph = new CUgraph_st;
  stream->capture.reset(new Capture{graph, mode, std::this_thread::get_id()});
  return CUDA_SUCCESS;
}
CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus* status) {
  ENTER("cuStreamIsCapturing");
  LOCKED;
  auto& capture = real(stream)->capture;
  *status = !capture          ? CU_STREAM_CAPTURE_STATUS_NONE
            : capture->broken ? CU_STREAM_CAPTURE_STATUS_INVALIDATED
                              : CU_STREAM_CAPTURE_STATUS_ACTIVE;
  return CUDA_SUCCESS;
}
CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph) {
  CUresult refused = enter("cuStreamEndCapture");
  LOCKED;
  *graph = nullptr;
  if (refused) {  // it has ended all the same
    if (stream->capture) delete stream->capture->graph;
    stream->capture.reset();
    return refused;
  }
  if (!stream->capture) return CUDA_ERROR_ILLEGAL_STATE;
  if (stream->capture->mode != CU_STREAM_CAPTURE_MODE_RELAXED && stream->capture->thread != std::this_thread::get_id())
    return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
  auto capture = std::move(stream->capture);
  if (capture->broken) { delete capture->graph; return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED; }
  *graph = capture->graph;
  graphs.insert(*graph);
  return CUDA_SUCCESS;
}
CUresult cuGraphInstantiateWithFlags(CUgraphExec* exec, CUgraph graph, unsigned long long) {
  ENTER("cuGraphInstantiate");
  LOCKED;
  *exec = new CUgraphExec_st{graph->ops};
  execs.insert(*exec);
  return CUDA_SUCCESS;
}
CUresult cuGraphDestroy(CUgraph graph) { ENTER("cuGraphDestroy"); LOCKED; graphs.erase(graph); delete graph; return CUDA_SUCCESS; }
CUresult cuGraphExecDestroy(CUgraphExec exec) { ENTER("cuGraphExecDestroy"); LOCKED; execs.erase(exec); delete exec; return CUDA_SUCCESS; }
CUresult cuGraphLaunch(CUgraphExec exec, CUstream stream) {
  ENTER("cuGraphLaunch");
  LOCKED;
  if (!execs.count(exec)) return CUDA_ERROR_INVALID_VALUE;
  if (real(stream)->capture) return CUDA_ERROR_NOT_SUPPORTED;  // of real ones it would become a part
  for (auto& op : exec->ops)
    if (CUresult result = queue(stream, op)) return result;
  return CUDA_SUCCESS;
}

CUresult cuGetProcAddress(const char* name, void** function, int, cuuint64_t, CUdriverProcAddressQueryResult* status) {
  static void* self = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
  *function = nullptr;
  for (auto suffix : {"_v4", "_v3", "_v2", ""})
    if ((*function = dlsym(self, (std::string(name) + suffix).c_str()))) break;
  if (status) *status = *function ? CU_GET_PROC_ADDRESS_SUCCESS : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
  return *function ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}
}
