#pragma once

#include <QWidget>

#include <cstdint>

class QComboBox;
class QGridLayout;
class QLabel;
class QSpinBox;

namespace limpid {

class Session;
struct StudySummary;

/// Whether the next training is one run or a study of several; and, for another place on the page, what the newest study came
/// to: mean and interval by validation metric, told also as a notice when its last run finishes. Edits go through the session's undo stack. Fields: "train.study", "train.parts".
class StudyPanel : public QWidget
{
    Q_OBJECT
public:
    explicit StudyPanel(Session& session, QWidget* parent = nullptr);
    /// What the newest study came to; hidden where there is none. Whoever lays it out becomes its parent.
    QWidget* outcome() const { return m_outcome; }

private:
    void edit();
    void showRequest();
    void showResults();
    void tellOfTheEnd(const StudySummary& summary);

    Session& m_session;
    QComboBox* m_kind;
    QSpinBox* m_parts;
    QLabel* m_partsLabel;
    QWidget* m_outcome;
    QLabel* m_title;
    QWidget* m_results;
    QGridLayout* m_table;
    std::int64_t m_study = 0;   ///< the newest, 0: none; and how many of its runs had finished when it was last shown
    std::size_t m_finished = 0;
    bool m_known = false;       ///< the runs of the open workspace have been seen, so that what is new is news
    bool m_showing = false;
};

} // namespace limpid
