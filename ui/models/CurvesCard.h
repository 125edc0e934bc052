#pragma once

#include "ui/widgets/Card.h"

#include <cstdint>

class QBoxLayout;
class QLabel;

namespace limpid {

class Chooser;
class LineChart;
class Session;
class Theme;
class ValidationView;

/// The learning curves of a run, the gradients of its layers, and what its best weights make of the validation rows: read
/// from the workspace by a job. Above one another, side by side, or one at a time, as there is room.
class CurvesCard : public Card
{
    Q_OBJECT
public:
    CurvesCard(Session& session, const Theme& theme, QWidget* parent = nullptr);
    /// 0: none. `bestEpoch` is marked, where it is known.
    void showRun(std::int64_t run, int bestEpoch);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Room { Tall, Wide, Tight };
    void say(const QString& why);   ///< instead of all charts; "": the charts
    void showChart();

    Session& m_session;
    Room m_room = Room::Tall;
    Chooser *m_chooser, *m_tightChooser;   ///< of the curves; of everything, where room is tight
    QBoxLayout* m_parts;
    LineChart *m_chart, *m_gradients;
    QWidget* m_validationRows;
    ValidationView* m_pictures;
    QLabel *m_pictureTitle, *m_note;
    bool m_empty = true;
    int m_train, m_validation;
    std::int64_t m_run = 0;
    std::uint64_t m_token = 0;   ///< of the newest question; older answers are dropped
};

} // namespace limpid
