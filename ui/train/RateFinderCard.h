#pragma once

#include "core/engine/RateFinder.h"

#include <QDialog>

#include <cstdint>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace limpid {

class LineChart;
class Session;
class Theme;

/// Tries learning rates for the session's set-up as a job, draws the loss over them, and offers the rate it suggests, which is
/// taken over through the undo stack. A window of its own beside the settings: what is set there meanwhile is not looked at
/// until it is asked to try again.
class RateFinderCard : public QDialog
{
    Q_OBJECT
public:
    RateFinderCard(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~RateFinderCard() override;

    /// Tries anew, with the session's present set-up.
    void search();

private:
    QLineEdit* addRateField(const char* name, double value);
    /// False, and the field marked, where something else than a rate is typed.
    bool readFields();
    void showResult(const RateFinderResult& result);
    void showFailure(const QString& sentence);
    void searching(bool on);
    void use();
    void showUse();

    Session& m_session;
    RateFinderSpec m_finder;
    LineChart* m_chart;
    QLabel* m_sentence;
    QLineEdit *m_start, *m_end;
    QSpinBox* m_steps;
    QPushButton *m_use, *m_again;
    double m_suggested = 0.0;   ///< 0: none
    std::uint64_t m_job = 0;    ///< under way; 0: none
    std::uint64_t m_token = 0;
};

} // namespace limpid
