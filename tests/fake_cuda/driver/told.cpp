// What tests tell the fake and what it tells them: failures to come, counts, what was left behind.
#include <cstdio>
#include <cstdlib>

#include "fake.h"

namespace fake {
// Never destroyed: threads end after the process has begun to take itself down.
State& state() { static State* one = new State; return *one; }
thread_local ContextStack contexts;

ContextStack::~ContextStack() {
  if (!held.empty()) complain("a thread ended with a context still pushed");
}

void complain(const std::string& what) { LOCKED; state().complaints.push_back(what); }

CUresult lose(CUresult code) {
  LOCKED;
  if (!state().lost) state().lost = code;
  return static_cast<CUresult>(state().lost);
}

CUresult enter(const char* name, bool needs_context) {
  stray();
  LOCKED;
  State& now = state();
  ++now.calls[name];
  auto failure = now.failures.find(name);
  if (failure != now.failures.end() && --failure->second.after == 0) {
    auto code = static_cast<CUresult>(failure->second.code);
    if (failure->second.sticky) now.lost = code;
    now.failures.erase(failure);
    return code;
  }
  if (now.lost && needs_context) return static_cast<CUresult>(now.lost);
  if (needs_context && contexts.held.empty()) return CUDA_ERROR_INVALID_CONTEXT;
  return CUDA_SUCCESS;
}

namespace {
std::string left_behind() {
  LOCKED;
  State& now = state();
  std::string list;
  auto add = [&](const char* what, size_t count) {
    if (count) list += std::to_string(count) + " " + what + "\n";
  };
  add("device allocations", now.device_memory.size());
  add("pinned allocations", now.pinned_memory.size());
  add("streams", now.streams.size());
  add("events", now.events.size());
  add("graphs", now.graphs.size());
  add("executable graphs", now.execs.size());
  add("retained contexts", static_cast<size_t>(now.primary.retained));
  add("contexts pushed in this thread", contexts.held.size());
  for (auto& one : now.complaints) list += one + "\n";
  return list;
}

struct AtExit {
  ~AtExit() {
    const char* path = getenv("FAKE_CUDA_LEAKS");
    std::string list = state().lost ? "" : left_behind();
    if (!path || list.empty()) return;
    if (FILE* file = fopen(path, "a")) { fputs(list.c_str(), file); fclose(file); }
  }
} at_exit;
}  // namespace
}  // namespace fake

using fake::state;

extern "C" {
long fake_count(const char* name) {
  LOCKED;
  auto one = state().calls.find(name);
  return one == state().calls.end() ? 0 : one->second;
}
void fake_forget_counts() { LOCKED; state().calls.clear(); state().executed_ns = 0; }
long long fake_executed_ns() { LOCKED; return state().executed_ns; }
// The nth call of this name from now fails; a sticky failure loses the card for good.
void fake_fail(const char* name, long nth, int code, int sticky) { LOCKED; state().failures[name] = {nth, code, sticky != 0}; }
void fake_lose_card(int code) { LOCKED; state().lost = code; }
// What lay on a card that was lost is gone with it.
void fake_find_card_again() {
  LOCKED;
  auto& now = state();
  if (now.lost) {
    for (auto& one : now.device_memory) now.gone.insert(one.first);
    for (auto& one : now.pinned_memory) now.gone.insert(one.first);
    for (auto one : now.streams) now.gone.insert(reinterpret_cast<uintptr_t>(one));
    now.device_memory.clear(); now.pinned_memory.clear(); now.touches.clear();
    now.streams.clear(); now.retired.clear(); now.events.clear(); now.graphs.clear(); now.execs.clear();
  }
  now.lost = 0;
  now.failures.clear();
  now.absent = false;
}
void fake_set_memory(size_t bytes) { LOCKED; state().card_bytes = bytes; }
void fake_hide_card() { LOCKED; state().absent = true; }
void fake_seed(long number) { fake::seed(number); }
void fake_forget_complaints() { LOCKED; state().complaints.clear(); }
void fake_complain(const char* what) { fake::complain(what); }
size_t fake_left_behind(char* into, size_t size) {
  std::string list = fake::left_behind();
  snprintf(into, size, "%s", list.c_str());
  return list.size();
}
}
