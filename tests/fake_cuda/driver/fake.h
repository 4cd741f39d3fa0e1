// A CUDA driver without a card, for tests: a libcuda.so.1 that the real pycuda and cuda-bindings run on.
//
// It is stricter than a real one: work that was queued is done at the last moment, when somebody waits for it, or with a
// seed in any order that streams and events allow; memory is poisoned when it is given and when it is taken back, and is
// never given twice; what may not be done while a graph is captured fails; a stream that uses what another one uses
// without waiting for it is told. It counts every call, fails where it is told to, and lists what was left behind.
// Everything else in cuda.h answers CUDA_ERROR_NOT_SUPPORTED (see build.py).
#pragma once
#include <cuda.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace fake {
struct Use { uintptr_t begin; size_t size; bool writes; };
struct Op {
  std::function<CUresult()> work;
  std::vector<Use> uses;
  std::function<bool()> ready;  // empty: always
};
using Clocks = std::map<CUstream, uint64_t>;  // how much of each stream's work is known to be done before
struct Capture {
  CUgraph graph;
  CUstreamCaptureMode mode;
  std::thread::id thread;
  bool broken = false;
};
struct Failure { long after; int code; bool sticky; };
struct Touch { Use use; CUstream stream; uint64_t at; };
}  // namespace fake

struct CUgraph_st { std::vector<fake::Op> ops; };
struct CUgraphExec_st { std::vector<fake::Op> ops; };
struct CUstream_st {
  std::deque<fake::Op> queue;
  std::unique_ptr<fake::Capture> capture;
  std::recursive_mutex running;  // held while its work is done, so that two who wait keep its order
  std::thread::id owner;         // who asked last
  fake::Clocks known;
};
struct CUevent_st {
  CUstream stream = nullptr;
  std::atomic<uint64_t> asked{0}, done{0};
  fake::Clocks known;
  bool captured = false;
};
struct CUctx_st { int retained = 0; };

namespace fake {
// All that is shared; `lock` guards it, and is never held while work is done, which may need Python's own lock.
struct State {
  std::recursive_mutex lock;
  CUctx_st primary;
  CUstream_st null_stream;
  std::set<CUstream> streams, retired;  // the retired ones may still have work to do
  std::set<CUevent> events;
  std::set<CUgraph> graphs;
  std::set<CUgraphExec> execs;
  std::map<uintptr_t, size_t> device_memory, pinned_memory;
  std::set<uintptr_t> gone;  // with a card that was lost
  size_t card_bytes = 8ull << 30;
  int lost = 0;
  bool absent = false;
  std::map<std::string, long> calls;
  std::map<std::string, Failure> failures;
  std::vector<std::string> complaints;
  long long executed_ns = 0;
  Clocks host;  // what somebody has waited for
  std::vector<Touch> touches;
};
State& state();
#define LOCKED std::lock_guard<std::recursive_mutex> guard(fake::state().lock)

struct ContextStack {
  std::vector<CUcontext> held;
  ~ContextStack();
};
extern thread_local ContextStack contexts;

// told.cpp: every call passes `enter`: counted, failed on demand, refused after the card was lost or without a context.
CUresult enter(const char* name, bool needs_context = true);
#define ENTER(name) if (CUresult refused = fake::enter(name)) return refused
#define ENTER_FREELY(name) if (CUresult refused = fake::enter(name, false)) return refused
CUresult lose(CUresult code);
void complain(const std::string& what);

// memory.cpp
size_t taken();
bool on_card(CUdeviceptr at, size_t size);

// streams.cpp
CUstream real(CUstream stream);
CUresult queue(CUstream given, Op op);
CUresult work_off(CUstream stream, const std::function<bool()>& enough = [] { return false; });
CUresult work_off_everything();
CUresult work_off_what_nobody_runs();
void stray();
void seed(long number);

// order.cpp
void join(Clocks& into, const Clocks& other);
void waited_for(const Clocks& known);
void asked_for(CUstream stream, const std::vector<Use>& uses);
void forget_touches(uintptr_t begin, size_t size);

// graphs.cpp
CUresult unsafe_call();
CUresult breaks_every_capture();
CUresult break_own(CUstream stream);
bool graph_uses(uintptr_t begin, size_t size);
}  // namespace fake
