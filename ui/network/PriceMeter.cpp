#include "ui/network/PriceMeter.h"

#include "core/jobs/Machine.h"
#include "core/workbench/TrainCost.h"
#include "ui/session/JobRunner.h"
#include "ui/session/Session.h"

namespace limpid {

namespace {

constexpr int quietMs = 700;             ///< after the last edit
constexpr double measuredSeconds = 0.4;

struct Measured {
    TrainPrice price;
    std::int64_t batch = 0;
};

} // namespace

PriceMeter::PriceMeter(Session& session, QObject* parent) : QObject(parent), m_session(session)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(quietMs);
    connect(&m_timer, &QTimer::timeout, this, &PriceMeter::measure);
    connect(&session, &Session::planChanged, this, &PriceMeter::planChanged);
    connect(&session, &Session::trainingStarted, this, &PriceMeter::stop);
    connect(&session, &Session::trainingEnded, this, [this] {
        if (m_price && !m_price->measured)
            m_timer.start();
    });
    planChanged(); // a page is made when it is first looked at, long after the plan
}

PriceMeter::~PriceMeter()
{
    stop();
}

void PriceMeter::stop()
{
    m_timer.stop();
    if (m_job != 0)
        m_session.jobs().queue().cancel(std::exchange(m_job, 0));
}

void PriceMeter::planChanged()
{
    stop();
    m_price.reset();
    if (const auto plan = m_session.plan(); plan && plan->analysis.ok()) {
        const TrainCost cost = estimateTraining(*plan, m_session.request().train);
        m_price = Price{false, cost.seconds / std::max(1, m_session.request().train.epochs), cost.bytes, 0};
        m_timer.start();
    }
    emit changed();
}

void PriceMeter::measure()
{
    const auto plan = m_session.plan();
    if (!plan || !m_price || !m_session.liveRuns().empty())
        return;
    JobRunner::Options options;
    options.kind = "price";
    options.memory = m_price->bytes;
    m_job = m_session.jobs().run(
        options, this,
        [plan, spec = m_session.request().train](Task& task) {
            Measured measured{measureTraining(*plan, spec, measuredSeconds, task), 0};
            if (const auto memory = SystemMachine().memory())
                measured.batch = batchThatFits(measured.price, memory->available, plan->split.train.size());
            return measured;
        },
        [this, plan](const Measured& measured) {
            m_job = 0;
            if (plan != m_session.plan())
                return;
            m_price = Price{true, measured.price.secondsPerEpoch, measured.price.growthBytes, measured.batch};
            emit changed();
        },
        [this](const std::exception_ptr&) { // the estimate stays; training tells why it can't be
            m_job = 0;
            emit changed();
        });
    emit changed();
}

} // namespace limpid
