#include "core/jobs/ResourceMeter.h"

#include <algorithm>
#include <vector>

namespace limpid {

struct ResourceMeter::Account {
    CpuMeter cpu;
    double start = 0.0;
    bool shared = false;
    bool open = true;
    ResourceUse last; ///< once it is closed

    std::optional<ProcessMemory> memoryAtStart;
    std::uint64_t sampledPeak = 0;

    double cpuSampled = 0.0; ///< at the last reading
    bool energyKnown = false;
    double joules = 0.0, joulesLow = 0.0, joulesHigh = 0.0;
};

ResourceMeter::ResourceMeter(std::shared_ptr<Machine> machine) : m_machine(std::move(machine)) {}

CpuMeter* ResourceMeter::cpuOf(const AccountPtr& account) { return &account->cpu; }

ResourceMeter::AccountPtr ResourceMeter::open()
{
    sample(); // what was used until now is the others'
    auto account = std::make_shared<Account>();
    account->start = m_machine->seconds();
    const std::lock_guard lock(m_mutex);
    account->memoryAtStart = m_process;
    account->energyKnown = m_lastJoules.has_value();
    m_open.push_back(account);
    if (m_open.size() > 1)
        for (const AccountPtr& each : m_open)
            each->shared = true;
    return account;
}

void ResourceMeter::sample()
{
    const std::lock_guard reading(m_readingMutex);
    const double now = m_machine->seconds();
    const std::optional<ProcessMemory> process = m_machine->process();
    const std::optional<double> joules = m_machine->joules();

    const std::lock_guard lock(m_mutex);
    const double seconds = now - m_lastSeconds;
    const double spent = joules && m_lastJoules ? *joules - *m_lastJoules : 0.0;
    m_process = process;
    m_lastSeconds = now;
    m_lastJoules = joules;

    std::vector<double> worked;
    double allWorked = 0.0;
    for (const AccountPtr& account : m_open) {
        if (process)
            account->sampledPeak = std::max(account->sampledPeak, process->resident);
        account->energyKnown = account->energyKnown && joules;
        const double cpu = account->cpu.seconds().value_or(0.0);
        worked.push_back(std::max(0.0, cpu - account->cpuSampled));
        allWorked += worked.back();
        account->cpuSampled = cpu;
    }
    const double coreSeconds = seconds * m_machine->hardwareCores();
    std::size_t i = 0;
    for (const AccountPtr& account : m_open) {
        const double mine = worked[i++];
        // Where nobody worked they all waited alike.
        account->joules += spent * (allWorked > 0.0 ? mine / allWorked : 1.0 / static_cast<double>(m_open.size()));
        account->joulesLow += coreSeconds > 0.0 ? spent * std::min(1.0, mine / coreSeconds) : 0.0;
        account->joulesHigh += spent;
    }
}

ResourceUse ResourceMeter::useLocked(const Account& account, double now) const
{
    if (!account.open)
        return account.last;
    ResourceUse use;
    use.seconds = now - account.start;
    use.shared = account.shared;
    const std::optional<double> cpu = account.cpu.seconds();
    if (cpu)
        use.cpuSeconds = {FigureKind::Measured, *cpu, *cpu, *cpu};
    if (account.memoryAtStart && m_process) {
        // The kernel's own peak where it rose meanwhile; an earlier job may have gone higher, then what was sampled.
        const std::uint64_t peak = m_process->peak > account.memoryAtStart->peak ? m_process->peak : account.sampledPeak;
        const double grown = static_cast<double>(peak - std::min(peak, account.memoryAtStart->resident));
        use.peakBytes = {FigureKind::Measured, grown, grown, grown};
    }
    if (account.energyKnown) {
        use.joules = {FigureKind::Measured, account.joules, account.joulesLow, account.joulesHigh};
    } else if (const std::optional<double> watts = m_machine->designWatts(); watts && cpu) {
        const double most = *watts * use.seconds;
        use.joules = {FigureKind::Estimated, std::min(most, *watts * *cpu / m_machine->hardwareCores()), 0.0, most};
    }
    return use;
}

ResourceUse ResourceMeter::use(const AccountPtr& account) const
{
    const double now = m_machine->seconds();
    const std::lock_guard lock(m_mutex);
    return useLocked(*account, now);
}

ResourceUse ResourceMeter::close(const AccountPtr& account)
{
    sample();
    const double now = m_machine->seconds();
    const std::lock_guard lock(m_mutex);
    if (account->open) {
        account->last = useLocked(*account, now);
        account->open = false;
        m_open.remove(account);
    }
    return account->last;
}

MeteredWork::MeteredWork(ResourceMeter& meter, Task& task)
    : m_meter(meter), m_task(task), m_account(meter.open()), m_metered(std::in_place, ResourceMeter::cpuOf(m_account))
{
    m_task.setMeter([this] {
        m_meter.sample();
        return m_meter.use(m_account);
    });
}

MeteredWork::~MeteredWork() { end(); }

ResourceUse MeteredWork::end()
{
    if (m_metered) {
        m_task.setMeter({});
        m_metered.reset();
    }
    return m_meter.close(m_account);
}

} // namespace limpid
