#pragma once

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QSpinBox;

namespace limpid {

class Session;

/// Whether the next training is one run or a study of several, and what the newest study came to: mean, interval and number
/// of runs by validation metric. Edits go through the session's undo stack. Fields: "train.study", "train.parts".
class StudyPanel : public QWidget
{
    Q_OBJECT
public:
    explicit StudyPanel(Session& session, QWidget* parent = nullptr);

private:
    void edit();
    void showRequest();
    void showResults();

    Session& m_session;
    QComboBox* m_kind;
    QSpinBox* m_parts;
    QLabel *m_partsLabel, *m_title;
    QWidget* m_results;
    QGridLayout* m_table;
    bool m_showing = false;
};

} // namespace limpid
