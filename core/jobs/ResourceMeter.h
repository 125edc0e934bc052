#pragma once

#include "core/base/CpuMeter.h"
#include "core/base/Task.h"
#include "core/jobs/Machine.h"

#include <list>
#include <memory>
#include <mutex>

namespace limpid {

/// Accounts of what jobs take of the machine: CPU time by thread, the process's memory, the packages' energy shared out
/// by CPU time. See ResourceUse for what each figure means. Any thread may call.
class ResourceMeter
{
public:
    explicit ResourceMeter(std::shared_ptr<Machine> machine);

    struct Account;
    using AccountPtr = std::shared_ptr<Account>;

    /// Begins an account.
    AccountPtr open();
    /// Reads the machine anew for all open accounts: from time to time, so that shares of energy follow who works and a
    /// peak between is seen.
    void sample();
    /// As of the last reading of the machine; CPU time and seconds as of now. Reads no file.
    ResourceUse use(const AccountPtr& account) const;
    /// A last reading, and the account's end; what it says from now on stays.
    ResourceUse close(const AccountPtr& account);

    static CpuMeter* cpuOf(const AccountPtr& account);

private:
    ResourceUse useLocked(const Account& account, double now) const;

    std::shared_ptr<Machine> m_machine;
    std::mutex m_readingMutex;   ///< one reading at a time; who only asks doesn't wait for it
    mutable std::mutex m_mutex;  ///< the rest; taken after the other
    std::list<AccountPtr> m_open;
    double m_lastSeconds = 0.0;
    std::optional<double> m_lastJoules;
    std::optional<ProcessMemory> m_process;
};

/// Meters work that runs on the calling thread without a queue, such as a command's: Task::use() answers while it lives.
class MeteredWork
{
public:
    MeteredWork(ResourceMeter& meter, Task& task);
    ~MeteredWork();
    MeteredWork(const MeteredWork&) = delete;
    MeteredWork& operator=(const MeteredWork&) = delete;

    const ResourceMeter::AccountPtr& account() const { return m_account; }
    /// Ends it early and says what it came to.
    ResourceUse end();

private:
    ResourceMeter& m_meter;
    Task& m_task;
    ResourceMeter::AccountPtr m_account;
    std::optional<Metered> m_metered;
};

} // namespace limpid
