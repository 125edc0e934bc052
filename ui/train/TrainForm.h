#pragma once

#include "core/model/ParamSpec.h"

#include <QWidget>

#include <functional>
#include <map>

class QFormLayout;
class QGridLayout;
class QLabel;
class QPushButton;

namespace limpid {

class Session;
class Theme;

/// The settings of the next run, made from trainParams(): each edit goes through the session's undo stack and comes back
/// from there, so that undo shows in the fields. Fields are named "train.<parameter>".
class TrainForm : public QWidget
{
    Q_OBJECT
public:
    TrainForm(Session& session, const Theme& theme, QWidget* parent = nullptr);

private:
    void addSection(const QString& title);
    void addRow(const QString& label, const QString& help, QWidget* field);
    void addParam(const ParamSpec& spec);
    void addValidation();
    void addRateFinder();
    void edit(const ParamSpec& spec, const nlohmann::json& value);
    void showRequest();

    Session& m_session;
    const Theme& m_theme;
    QGridLayout* m_grid;
    QPushButton* m_findRate = nullptr;
    std::map<std::string, std::function<void(const nlohmann::json&)>> m_show; ///< by parameter: puts a value into its field
    bool m_showing = false;
};

} // namespace limpid
