#pragma once

#include "ui/widgets/Card.h"

#include <cstdint>

class QLabel;

namespace limpid {

class LineChart;
class Session;
class Theme;

/// The learning curves of a run, read from the workspace by a job.
class CurvesCard : public Card
{
    Q_OBJECT
public:
    CurvesCard(Session& session, const Theme& theme, QWidget* parent = nullptr);
    /// 0: none. `bestEpoch` is marked, where it is known.
    void showRun(std::int64_t run, int bestEpoch);

private:
    Session& m_session;
    LineChart* m_chart;
    QLabel* m_note;
    int m_train, m_validation;
    std::int64_t m_run = 0;
    std::uint64_t m_token = 0;   ///< of the newest question; older answers are dropped
};

} // namespace limpid
